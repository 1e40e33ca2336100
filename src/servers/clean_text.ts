/** Makes text of strangers fit for a person, a model and a terminal. @module */

/** Terminal escapes: CSI, OSC and the two-character ones. */
// deno-lint-ignore no-control-regex
const escapes = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\-_]/g;

/** Control characters but tab and line feed; zero-width, direction and tag characters. */
const invisible =
  // deno-lint-ignore no-control-regex
  /[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/**
 * The text without terminal escapes, control, zero-width and direction
 * characters, at most `maxChars` long: what is cut is said, with the full
 * length.
 *
 * @example Usage
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * import { cleanText } from "./clean_text.ts";
 * strictEqual(cleanText("\x1b[31mred\x1b[0m\u200b\r\n", 100), "red\n");
 * strictEqual(cleanText("abcdef", 3), "abc… (6 characters)");
 * ```
 */
export function cleanText(text: string, maxChars: number): string {
  // Twice the bound is enough to look at: the rest is cut whatever it holds.
  const seen = text.slice(0, maxChars * 2).replace(escapes, "").replace(invisible, "");
  if (text.length <= maxChars * 2 && seen.length <= maxChars) return seen.toWellFormed();
  return `${seen.slice(0, maxChars).toWellFormed()}… (${text.length} characters)`;
}
