/** Hits of a search as text for a model. @module */

import type { ToolItem } from "../search/tool_item.ts";
import { cutText, visibleLine, visibleText } from "./visible_text.ts";

/** Characters of one hit: three with signatures stay below 500 tokens. */
const MAX_SIGNATURE = 360;
const MAX_SUMMARY = 120;
/** Characters of one full declaration, and of a whole answer. */
const MAX_DECLARATION = 8000;
const MAX_ANSWER = 24_000;

/** What was found, best first; where nothing was, that. */
export function searchText(
  items: readonly ToolItem[],
  { query, server }: { query?: string; server?: string },
): string {
  if (items.length === 0) return describeNothing(query ?? "", server);
  return cutText(items.map((item) => describeItem(item)).join("\n"), MAX_ANSWER);
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
