/** Texts of strangers, made fit for source code and for a reader's eyes. @module */

import { showHidden } from "../catalog/show_hidden.ts";

/** Asks for the coloured form of the sign before it; without a meaning of its own. */
const emojiStyle = "\ufe0f";

/**
 * A string literal of TypeScript with the text as its value.
 *
 * @example Usage
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * import { quoteText } from "./escape_text.ts";
 * strictEqual(quoteText('say "a"\u200b'), '"say \\"a\\"\\u{200b}"');
 * ```
 */
export function quoteText(text: string): string {
  return showHidden(JSON.stringify(text)).replaceAll("</", "<\\/");
}

/** A name as a property of a type: bare where it can be, else a string literal. */
export function quoteKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoteText(name);
}

/**
 * A text that can stand in a comment: it neither ends the comment nor opens a
 * code fence nor hides anything, and is at most so long.
 */
export function commentText(text: string, maxChars: number): string {
  const short = text.length > maxChars ? `${text.slice(0, maxChars).trimEnd()}…` : text;
  const plain = short.replace(/\r\n?/g, "\n").replaceAll("\t", " ").replaceAll(emojiStyle, "");
  return showHidden(plain)
    .replaceAll("*/", "*\\/").replaceAll("`", "'").replaceAll("</", "<\\/");
}
