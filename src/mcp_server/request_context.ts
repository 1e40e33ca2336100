/** A request of an MCP client while it is answered. @module */

import type { ServerContext } from "@modelcontextprotocol/server";

/** A request under way: how it is cancelled, told of progress, and asked back. */
export type RequestContext = ServerContext["mcpReq"];
