/** Answers `tools.resource(uri)`: reads a resource of a server that the run may call. @module */

import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import type { RunGrants } from "../grants/run_grants.ts";
import type { ReadResource, ReadResourceOptions } from "../mcp/read_resource.ts";
import { accessTool } from "../mcp/server_access.ts";
import type { Json } from "../protocol/json.ts";

/** Reads a resource wherever it lies. */
export type ReadsResource = (uri: string, options: ReadResourceOptions) => Promise<ReadResource>;

/** What {@linkcode answerResource} needs. */
export interface AnswerResourceDeps {
  /** What the run may call. */
  grants: RunGrants;
  /** Reads it. @default {there are no resources} */
  readResource?: ReadsResource;
}

const resourceArgs = z.object({
  uri: z.string().min(1).max(8_192),
  options: z.object({ server: z.string().max(256).optional() }).nullish(),
});

/**
 * Reads a resource. A server may be asked of which the run may call a tool, and
 * where no rule about `server.resources/read` says otherwise. It leaves no
 * receipt; rules with `from` see it as an answer of that server.
 *
 * @throws {AirlockError} `invalid_arguments`, `tool_denied` or `tool_failed`.
 */
export async function answerResource(
  args: Json,
  { grants, readResource }: AnswerResourceDeps,
  signal: AbortSignal,
): Promise<Json> {
  const parsed = resourceArgs.safeParse(args);
  if (!parsed.success) {
    const message = 'Cannot call "tools.resource": it takes (uri, { server? })';
    throw new AirlockError("invalid_arguments", message);
  }
  const { uri, options } = parsed.data;
  if (readResource === undefined) {
    throw new AirlockError("tool_failed", `Cannot read "${uri}": resources are not available`);
  }
  const namespaces = new Map(grants.tools().map(({ server, namespace }) => [server, namespace]));
  const reads = (server: string) =>
    accessTool(server, namespaces.get(server) ?? server, "resources/read");
  const servers = [...namespaces.keys()]
    .filter((server) => grants.decide(reads(server), { uri }).effect === "allow");
  const server =
    [...namespaces].find(([name, namespace]) =>
      name === options?.server || namespace === options?.server
    )?.[0] ?? options?.server;
  const found = await readResource(uri, { server, servers, signal });
  grants.noteAnswer(reads(found.server));
  return found.contents;
}
