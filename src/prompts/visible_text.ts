/** Makes text of strangers safe to show: what hides or steers is written out. @module */

/** Control characters, invisible and bidirectional ones, separators, lone surrogates, tag characters. */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{115f}\u{1160}\u{3164}\u{ffa0}\u{fe00}-\u{fe0e}\u{e0100}-\u{e01ef}]/gu;

/**
 * Text with every hidden character written as an escape; lines and tabs stay.
 *
 * @example Usage
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * import { visibleText } from "./visible_text.ts";
 * strictEqual(visibleText("a\u200bb\n\u001b[31m"), "a\\u200bb\n\\u001b[31m");
 * ```
 */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (char) => char === "\n" || char === "\t" ? char : escapeOf(char));
}

/**
 * Text as one line of at most `maxLength` characters: hidden characters are
 * written as escapes, white space is one space, and what was cut ends in `…`.
 */
export function visibleLine(text: string, maxLength: number): string {
  // Cut first, so that a huge text costs no more than a long one.
  const line = text.slice(0, maxLength * 4).replace(/\s+/g, " ").trim()
    .replace(HIDDEN, escapeOf);
  return cutText(line, maxLength);
}

/** The first `maxLength` characters; a cut text ends in `…` and never in half a character. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, "") + "…";
}

function escapeOf(char: string): string {
  const code = (char.codePointAt(0) ?? 0).toString(16);
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\u{${code}}`;
}
