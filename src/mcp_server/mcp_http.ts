/** Airlock as an MCP server over Streamable HTTP, in both protocol eras. @module */

import { createMcpHandler as createSdkHandler } from "@modelcontextprotocol/server";
import type { Principal } from "../grants/principal.ts";
import { Attendants } from "./attendants.ts";
import { createMcpServer } from "./create_server.ts";
import { InstructionsCache } from "./instructions_cache.ts";
import type { McpServerDeps } from "./mcp_server_deps.ts";
import { OpenCalls } from "./open_calls.ts";

/** Bytes of one request body. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
const SESSION_HEADER = "mcp-session-id";

/** Answers one request that has been authenticated, with `Host` and `Origin` checked. */
export type McpHandler = (request: Request, principal: Principal) => Promise<Response>;

/**
 * Makes the handler behind `/mcp`. Each request is served by an instance of
 * its own. Closing a request cancels its run in both eras; in the 2025 era so
 * does `notifications/cancelled`. That notification arrives in a request of
 * its own and names only an id that every client counts from zero, so a client
 * without a session id is given one: not a session (nothing is kept), but the
 * name under which its calls are found again.
 */
export function createMcpHandler(deps: McpServerDeps): McpHandler {
  const openCalls = new OpenCalls();
  const attendants = new Attendants();
  const instructions = new InstructionsCache(deps);
  return async (request, principal) => {
    const session = request.headers.get(SESSION_HEADER)?.slice(0, 128);
    const served: { era?: "legacy" | "modern" } = {};
    const handler = createSdkHandler(async ({ era }) => {
      served.era = era;
      return createMcpServer(deps, principal, {
        instructions: await instructions.for(principal),
        attendants,
        calls: era === "legacy" && session !== undefined
          ? openCalls.scope(principal.name, session)
          : undefined,
      });
    }, { onerror: deps.onError?.bind(deps), maxRequestBodySize: MAX_BODY_BYTES });
    const response = await handler.fetch(request);
    if (served.era === "legacy" && session === undefined && response.ok) {
      response.headers.set(SESSION_HEADER, crypto.randomUUID());
    }
    return response;
  };
}
