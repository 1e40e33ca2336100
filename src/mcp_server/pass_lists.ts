/** Lists of what several servers offer, as one. @module */

import { z } from "zod";
import { mayCall } from "../grants/run_grants.ts";
import { type AccessMethod, accessTool } from "../mcp/server_access.ts";
import type { ExposedNames } from "./exposed_names.ts";
import type { PassContext } from "./pass_on.ts";

/** Most pages that one server is asked for, and items that are taken from it. */
const MAX_PAGES = 64;
const MAX_ITEMS = 10_000;

/** A list method and the field its items are in. */
const lists = {
  "prompts/list": "prompts",
  "resources/list": "resources",
  "resources/templates/list": "resourceTemplates",
} as const satisfies Partial<Record<AccessMethod, string>>;

/** A method that lists something. */
export type ListMethod = keyof typeof lists;

/** An item of a list, with the server that it is from. */
export interface ListedItem {
  server: string;
  item: Record<string, unknown>;
}

const pageOf = (field: string) =>
  z.looseObject({
    [field]: z.array(z.looseObject({})).max(MAX_ITEMS),
    nextCursor: z.string().max(65_536).nullish(),
  });

/** All items that the servers list and the principal may see. One server that fails costs only its own. */
export async function listItems(
  method: ListMethod,
  names: ExposedNames,
  { context, signal }: { context: PassContext; signal: AbortSignal },
): Promise<ListedItem[]> {
  const { deps, principal } = context;
  const visible = names.servers.filter((server) =>
    deps.mcpServers.includes(server) && mayCall(principal, accessTool(server, server, method))
  );
  const found = await Promise.all(visible.map(async (server) => {
    try {
      const items = await listOf(server, method, { context, signal });
      return items.map((item): ListedItem => ({ server, item }));
    } catch (error) {
      deps.onError?.(error instanceof Error ? error : new Error(String(error)));
      return [];
    }
  }));
  return found.flat();
}

/** The answer to a list request: prompts under the names that clients see. */
export function toListResult(
  method: ListMethod,
  items: readonly ListedItem[],
  names: ExposedNames,
): Record<string, unknown> {
  const shown = items.map(({ server, item }) =>
    method === "prompts/list" && typeof item.name === "string"
      ? { ...item, name: names.of({ server, name: item.name }) }
      : item
  );
  return { [lists[method]]: shown };
}

/** The server that has a resource: by its exact URI, else by the template that fits best. */
export async function findResource(
  uri: string,
  names: ExposedNames,
  options: { context: PassContext; signal: AbortSignal },
): Promise<string | undefined> {
  if (names.servers.length === 1) return names.servers[0];
  const exact = (await listItems("resources/list", names, options))
    .find(({ item }) => item.uri === uri);
  if (exact !== undefined) return exact.server;
  const templates = await listItems("resources/templates/list", names, options);
  const fitting = templates.map(({ server, item }) => ({ server, prefix: prefixOf(item, uri) }))
    .filter(({ prefix }) => prefix > 0)
    .sort((a, b) => b.prefix - a.prefix);
  return fitting[0]?.server;
}

/** How many characters a template fixes before its first variable, where the URI has them too. */
function prefixOf({ uriTemplate }: Record<string, unknown>, uri: string): number {
  if (typeof uriTemplate !== "string") return 0;
  if (uriTemplate === uri) return uri.length;
  const prefix = uriTemplate.split("{", 1)[0];
  return uri.startsWith(prefix) ? prefix.length : 0;
}

async function listOf(
  server: string,
  method: ListMethod,
  { context, signal }: { context: PassContext; signal: AbortSignal },
): Promise<Record<string, unknown>[]> {
  const line = context.session.line(server);
  const offered = await line.capabilities(signal);
  if (method === "prompts/list" ? !offered.prompts : !offered.resources) return [];
  const field = lists[method];
  const page = pageOf(field);
  const items: Record<string, unknown>[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES && items.length < MAX_ITEMS; pages++) {
    const answer = page.parse(
      await line.ask(method, cursor === undefined ? {} : { cursor }, { signal }),
    );
    items.push(...z.array(z.looseObject({})).parse(answer[field]));
    const next = z.string().safeParse(answer.nextCursor).data;
    if (next === undefined || next === cursor) break;
    cursor = next;
  }
  return items.slice(0, MAX_ITEMS);
}
