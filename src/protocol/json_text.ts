/** Reading JSON text from a stranger: bounded in depth before it is parsed. @module */

import type { Json } from "./json.ts";

/** How {@linkcode parseJson} bounds what it reads. */
export interface ParseJsonOptions {
  /** Levels of arrays and objects within each other. @default {200} */
  maxDepth?: number;
}

/** Levels that a result, the arguments of a call or an emitted block may have. */
export const maxValueDepth = 100;

/** Levels that pass unless a caller says otherwise: `JSON.stringify` prints them all. */
export const maxJsonDepth = 200;

/**
 * Parses JSON whose nesting is bounded. `JSON.parse` takes any depth, and what
 * it gives then breaks whoever walks it.
 *
 * @throws {SyntaxError} Where the text is not JSON, or nested too deep.
 */
export function parseJson(text: string, options: ParseJsonOptions = {}): Json {
  const { maxDepth = maxJsonDepth } = options;
  if (isDeeperThan(text, maxDepth)) {
    throw new SyntaxError(`Cannot parse JSON: nested deeper than ${maxDepth} levels`);
  }
  return JSON.parse(text);
}

/** Whether JSON text nests deeper than `maxDepth`: one linear pass, no recursion. */
export function isDeeperThan(text: string, maxDepth: number): boolean {
  // Text with few brackets cannot be deep: the common case costs one look-up.
  if (text.length <= maxDepth) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) i = endOfString(text, i);
    else if (code === openBracket || code === openBrace) {
      if (++depth > maxDepth) return true;
    } else if (code === closeBracket || code === closeBrace) depth--;
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Index of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(index - 1 - backslashes) === backslash) backslashes++;
  return backslashes % 2 === 1;
}
