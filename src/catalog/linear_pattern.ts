/** Tells which regular expressions of strangers can be trusted with time. @module */

const maxLength = 200;
const maxRepeat = 1_000;

/** One character: a class, an escape that is no back-reference, a dot, a literal. */
const atom = String.raw`(?:\[\^?(?:[^\]\\[]|\\[^a-zA-Z]|\\[dDsSwWtnrfv])+\]` +
  String.raw`|\\[^a-zA-Z0-9]|\\[dDsSwWtnrfv]|\.|[^\\^$.*+?()[\]{}|])`;
const repeat = String.raw`(?:[*+?]|\{\d{1,4}(?:,\d{0,4})?\})?`;
const pieces = new RegExp(`(${atom})(${repeat})`, "uy");

/**
 * Compiles a pattern if it provably takes time in proportion to the text: a
 * row of single characters or classes from the start of the text, of which at
 * most one repeats a variable number of times. No groups, no alternatives, no
 * back-references, no look-around.
 *
 * @returns `undefined` where that cannot be proved, or it is no pattern at all.
 *
 * @example Usage
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * import { linearPattern } from "./linear_pattern.ts";
 * strictEqual(linearPattern("^[a-z0-9-]+$")?.test("ab-1"), true);
 * strictEqual(linearPattern("^(a+)+$"), undefined);
 * ```
 */
export function linearPattern(pattern: string): RegExp | undefined {
  if (pattern.length > maxLength) return undefined;
  const isAnchored = pattern.startsWith("^");
  const end = pattern.endsWith("$") && !pattern.endsWith("\\$") ? pattern.length - 1 : undefined;
  const variable = countVariable(pattern.slice(isAnchored ? 1 : 0, end));
  if (variable === undefined || variable > (isAnchored ? 1 : 0)) return undefined;
  try {
    return new RegExp(pattern, "u");
  } catch {
    return undefined;
  }
}

/** How many pieces repeat a variable number of times; `undefined` where there is more than pieces. */
function countVariable(body: string): number | undefined {
  let variable = 0;
  for (let at = 0; at < body.length; at = pieces.lastIndex) {
    pieces.lastIndex = at;
    const piece = pieces.exec(body);
    if (piece === null) return undefined;
    const repeats = piece[2].match(/\d+/g)?.map(Number) ?? [];
    if (repeats.some((times) => times > maxRepeat)) return undefined;
    if (piece[2] !== "" && !/^\{\d+\}$/.test(piece[2])) variable++;
  }
  return variable;
}
