/** The MCP tool `search`. @module */

import type { CallToolResult } from "@modelcontextprotocol/server";
import type { z } from "zod";
import type { Principal } from "../grants/principal.ts";
import { searchText } from "../prompts/search_text.ts";
import type { McpServerDeps } from "./mcp_server_deps.ts";
import type { searchArguments } from "./tool_list.ts";
import { textResult } from "./tool_result.ts";

/** Finds tools for the model, best first. */
export async function searchTool(
  args: z.infer<typeof searchArguments>,
  deps: McpServerDeps,
  principal: Principal,
): Promise<CallToolResult> {
  const { query, server, detail = "signatures", limit = 5 } = args;
  const items = await deps.search(query, { server, detail, limit }, principal);
  return textResult(searchText(items.slice(0, limit), { query, server }));
}
