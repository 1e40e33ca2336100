/** The MCP tool `search`. @module */

import type { CallToolResult } from "@modelcontextprotocol/server";
import type { z } from "zod";
import type { Principal } from "../grants/principal.ts";
import type { ToolItem } from "../search/tool_item.ts";
import type { McpServerDeps } from "./mcp_server_deps.ts";
import type { searchArguments } from "./tool_list.ts";
import { textResult } from "./tool_result.ts";
import { cutText, visibleLine, visibleText } from "./visible_text.ts";

/** Characters of one hit: three with signatures stay below 500 tokens. */
const MAX_SIGNATURE = 360;
const MAX_SUMMARY = 120;
/** Characters of one full declaration, and of a whole answer. */
const MAX_DECLARATION = 8000;
const MAX_ANSWER = 24_000;

/** Finds tools for the model, best first. */
export async function searchTool(
  args: z.infer<typeof searchArguments>,
  deps: McpServerDeps,
  principal: Principal,
): Promise<CallToolResult> {
  const { query, server, detail = "signatures", limit = 5 } = args;
  const items = await deps.search(query, { server, detail, limit }, principal);
  if (items.length === 0) return textResult(describeNothing(query, server));
  const hits = items.slice(0, limit).map((item) => describeItem(item));
  return textResult(cutText(hits.join("\n"), MAX_ANSWER));
}

function describeItem({ name, summary, signature, declaration }: ToolItem): string {
  if (declaration !== undefined) return cutText(visibleText(declaration), MAX_DECLARATION);
  const call = visibleLine(signature ?? name, MAX_SIGNATURE);
  const about = visibleLine(summary, MAX_SUMMARY);
  return about === "" ? call : `${call} // ${about}`;
}

function describeNothing(query: string, server: string | undefined): string {
  const where = server === undefined ? "" : ` in server "${visibleLine(server, 100)}"`;
  return `No tool${where} matches "${visibleLine(query, 100)}". Try other words, or fewer.`;
}
