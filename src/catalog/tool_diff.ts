/** What changed in a tool, as lines for a person. @module */

import { showHidden } from "./show_hidden.ts";
import type { ListedTool } from "./tool.ts";

/** More lines than that on both sides are not matched with each other. */
const maxMatched = 500;
const maxShown = 600;
const maxLineChars = 500;
const contextLines = 2;

const fields = ["title", "description", "annotations", "inputSchema", "outputSchema"] as const;

/** A line, and on which side it is. */
type Line = readonly [sign: " " | "-" | "+", text: string];

/**
 * The differences between two definitions, field by field: `- ` is what went,
 * `+ ` what came. Nothing in it is hidden; what is cut is said.
 *
 * @param before `undefined` where it was not kept.
 */
export function diffTools(before: ListedTool | undefined, after: ListedTool): string {
  const shown: string[] = before === undefined ? ["(the earlier definition was not kept)"] : [];
  for (const field of fields) {
    const lines = diffLines(linesOf(before?.[field]), linesOf(after[field]));
    if (lines.every(([sign]) => sign === " ")) continue;
    shown.push(`${field}:`, ...withContext(lines));
  }
  if (shown.length <= maxShown) return shown.join("\n");
  return [...shown.slice(0, maxShown), `… ${shown.length - maxShown} more lines`].join("\n");
}

/** A text by its lines, all else as JSON with keys in order. */
function linesOf(value: unknown): string[] {
  if (value === undefined) return [];
  const text = typeof value === "string" ? value : JSON.stringify(value, sortKeys, 2);
  return showHidden(text).split("\n");
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}

/** The lines of both sides in order, equal ones once. */
function diffLines(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [
    ...before.slice(0, start).map((text): Line => [" ", text]),
    ...matchLines(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map((text): Line => [" ", text]),
  ];
}

/** The longest common subsequence decides which lines stayed. */
function matchLines(before: readonly string[], after: readonly string[]): Line[] {
  if (before.length > maxMatched || after.length > maxMatched) {
    return [
      ...before.map((text): Line => ["-", text]),
      ...after.map((text): Line => ["+", text]),
    ];
  }
  const common = commonLengths(before, after);
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push([" ", before[i]]);
      i++;
      j++;
    } else if (j === after.length || (i < before.length && common[i + 1][j] >= common[i][j + 1])) {
      lines.push(["-", before[i++]]);
    } else {
      lines.push(["+", after[j++]]);
    }
  }
  return lines;
}

/** How many lines two sides have in common from line `i` and line `j` on. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint16Array[] {
  const lengths = Array.from(
    { length: before.length + 1 },
    () => new Uint16Array(after.length + 1),
  );
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i][j] = before[i] === after[j]
        ? lengths[i + 1][j + 1] + 1
        : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}

/** Changed lines with a few equal ones around them. */
function withContext(lines: readonly Line[]): string[] {
  const near = new Set<number>();
  for (const [at, [sign]] of lines.entries()) {
    if (sign === " ") continue;
    for (let i = at - contextLines; i <= at + contextLines; i++) near.add(i);
  }
  const last = lines.findLastIndex(([sign]) => sign !== " ");
  return lines.flatMap(([sign, text], at) => {
    if (!near.has(at)) return near.has(at - 1) && at < last ? ["  …"] : [];
    const rest = text.length - maxLineChars;
    const cut = rest > 0
      ? `${text.slice(0, maxLineChars).toWellFormed()}… (${rest} more characters)`
      : text;
    return [`${sign} ${cut}`];
  });
}
