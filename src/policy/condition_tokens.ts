/** Cuts the text of a condition into tokens. @module */

import { AirlockError } from "../errors/airlock_error.ts";

/** Longest condition, in characters. */
export const maxConditionLength = 1024;

/** One token, and where it begins (from 0). */
export type Token =
  & { readonly at: number }
  & (
    | { readonly type: "number"; readonly value: number }
    | { readonly type: "string"; readonly value: string }
    | { readonly type: "name"; readonly value: string }
    | { readonly type: "symbol"; readonly value: string }
    | { readonly type: "end"; readonly value: "" }
  );

const tokenPattern = new RegExp(
  [
    /(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?(?![\w$.]))/,
    /(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/,
    /(?<name>[A-Za-z_$][\w$]*)/,
    /(?<symbol>[!=]==?|<=|>=|&&|\|\||[<>!()[\],.])/,
  ].map((part) => part.source).join("|"),
  "y",
);

const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["\\", "\\"],
  ['"', '"'],
  ["'", "'"],
]);

/**
 * The tokens of a condition, closed by one of type `end`.
 *
 * @throws {AirlockError} `invalid_config` with the place of what is not a token.
 */
export function tokenizeCondition(text: string): Token[] {
  if (text.length > maxConditionLength) {
    throw conditionError(`it is longer than ${maxConditionLength} characters`);
  }
  const tokens: Token[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(text);
    if (match === null) throw conditionError(`unexpected "${text.slice(at, at + 1)}"`, at);
    tokens.push(toToken(match, at));
    at = skipSpace(text, at + match[0].length);
  }
  tokens.push({ type: "end", value: "", at });
  return tokens;
}

/** The error for a condition that cannot be read; `at` counts from 0, its message from 1. */
export function conditionError(problem: string, at?: number): AirlockError {
  const place = at === undefined ? "" : ` at character ${at + 1}`;
  return new AirlockError("invalid_config", `Cannot read a condition: ${problem}${place}`);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\r\n".includes(text[at])) at++;
  return at;
}

function toToken(match: RegExpExecArray, at: number): Token {
  const { number, string, name, symbol } = match.groups ?? {};
  if (number !== undefined) return { type: "number", value: Number(number), at };
  if (string !== undefined) return { type: "string", value: unquote(string, at), at };
  if (name !== undefined) return { type: "name", value: name, at };
  return { type: "symbol", value: symbol, at };
}

function unquote(quoted: string, at: number): string {
  return quoted.slice(1, -1).replaceAll(/\\(u[0-9a-fA-F]{4}|.)/gs, (whole, escape: string) => {
    const plain = escape.length === 5
      ? String.fromCharCode(parseInt(escape.slice(1), 16))
      : escapes.get(escape);
    if (plain === undefined) throw conditionError(`unknown escape "${whole}" in the text`, at);
    return plain;
  });
}
