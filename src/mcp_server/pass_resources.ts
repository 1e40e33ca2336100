/** Resources in pass-through mode: by their own URIs, whichever server has them. @module */

import type { Server } from "@modelcontextprotocol/server";
import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Tool } from "../catalog/tool.ts";
import type { RequestContext } from "./request_context.ts";
import { findResource, listItems, toListResult } from "./pass_lists.ts";
import { answerOrThrow, passOn, toProtocolError } from "./pass_on.ts";
import type { PassedRequest, PassHandling } from "./pass_on.ts";
import { anyResult } from "./pass_session.ts";

const uriParams = z.looseObject({ uri: z.string().min(1).max(8192) });

/** Lists, reads and watches the resources of the servers that are shown. */
export function handleResources(server: Server, handling: PassHandling): void {
  for (const method of ["resources/list", "resources/templates/list"] as const) {
    server.setRequestHandler(method, { params: anyResult }, async (_params, { mcpReq }) => {
      const options = { context: handling, signal: mcpReq.signal };
      const items = await listItems(method, handling.names, options);
      return toListResult(method, items, handling.names);
    });
  }
  for (const method of ["resources/read", "resources/subscribe", "resources/unsubscribe"]) {
    server.setRequestHandler(method, { params: uriParams }, async ({ uri }, { mcpReq }) => {
      const options = { context: handling, signal: mcpReq.signal };
      const owner = await findResource(uri, handling.names, options);
      if (owner === undefined) throw notFound(uri);
      const tool = accessToolOf(handling, owner, method);
      return await passOrThrow({ tool, args: { uri }, request: mcpReq }, handling);
    });
  }
}

/** The tool that stands for a method of a server. */
export function accessToolOf(
  { accessTools }: PassHandling,
  server: string,
  method: string,
): Tool | string {
  return accessTools.find((tool) => tool.server === server && tool.tool === method) ??
    `${server}.${method}`;
}

/**
 * Hands on what has no way to say in its result that it failed.
 *
 * @throws {ProtocolError}
 */
export async function passOrThrow(
  passed: PassedRequest & { request: RequestContext },
  handling: PassHandling,
): Promise<Record<string, unknown>> {
  const answer = await answerOrThrow(handling, () => passOn(passed, handling));
  if (answer.type === "fault") throw toProtocolError(answer.fault);
  return answer.result;
}

function notFound(uri: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, "Resource not found", { uri });
}
