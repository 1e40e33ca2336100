/** What `/mcp` is to a client: Airlock's own three tools, or the tools of its servers. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import type { Principal } from "../grants/principal.ts";
import type { McpHandler } from "./mcp_http.ts";

/** How `/mcp` shows itself. */
export type McpMode = "code" | "passthrough";

/** What {@linkcode createMcpEndpoint} needs. */
export interface McpEndpointDeps {
  /** Answers in each mode. */
  readonly handlers: Readonly<Record<McpMode, McpHandler>>;
  /** The mode of a principal's key. */
  modeOf(principal: Principal): McpMode;
}

/** Makes the handler of `/mcp`: `?mode=` goes before what the key says. Both modes have the same authority. */
export function createMcpEndpoint({ handlers, modeOf }: McpEndpointDeps): McpHandler {
  return async (request, principal) => {
    const mode = new URL(request.url).searchParams.get("mode") ?? modeOf(principal);
    if (mode === "code" || mode === "passthrough") return await handlers[mode](request, principal);
    const message = "Cannot serve MCP: the mode is not known";
    throw new AirlockError("invalid_request", message, {
      issues: [{ path: "mode", message: 'must be "code" or "passthrough"' }],
    });
  };
}
