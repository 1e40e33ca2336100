/** The short form of a description. @module */

import { showHidden } from "../catalog/show_hidden.ts";

const maxChars = 200;

/**
 * The first sentence of a description, in one line of at most 200 characters.
 *
 * @example Usage
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * import { summarize } from "./summarize.ts";
 * strictEqual(summarize("Finds orders, e.g. late ones. Needs a key."), "Finds orders, e.g. late ones.");
 * ```
 */
export function summarize(description: string): string {
  const [paragraph = ""] = description.slice(0, 4_000).trim().split(/\n\s*\n/, 1);
  const line = showHidden(paragraph).replace(/\s+/g, " ");
  const end = line.search(/(?<!\b(?:e\.g|i\.e|etc|vs|no))[.!?](?= [\p{Lu}\d"'(])/u);
  const sentence = end < 0 ? line : line.slice(0, end + 1);
  return sentence.length <= maxChars ? sentence : cutAtWord(sentence);
}

function cutAtWord(text: string): string {
  const cut = text.slice(0, maxChars - 1);
  const space = cut.lastIndexOf(" ");
  return `${cut.slice(0, space > maxChars / 2 ? space : undefined).toWellFormed()}…`;
}
