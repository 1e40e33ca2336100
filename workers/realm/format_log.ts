/** The arguments of `console.log` as one text, with `%s %d %i %f %o %O %j %c %%`. @module */

import { cutText, inspect, type InspectOptions } from "./inspect.ts";
import { primitiveText } from "./inspect_text.ts";
import {
  arrayJoin,
  arrayPush,
  jsonStringify,
  stringIndexOf,
  stringSlice,
  toNumber,
  trunc,
} from "./primordials.ts";

const nativeParseFloat = parseFloat;
const nativeParseInt = parseInt;

/** The text of one logged line. */
export function formatLog(args: readonly unknown[], options: InspectOptions = {}): string {
  const { maxBytes = 16_384 } = options;
  const parts: string[] = [];
  let next = 0;
  if (args.length > 1 && typeof args[0] === "string") {
    const { text, used } = fillIn(args[0], args, options);
    arrayPush(parts, text);
    next = used;
  }
  for (; next < args.length; next++) {
    const value = args[next];
    arrayPush(parts, typeof value === "string" ? value : inspect(value, options));
  }
  return cutText(arrayJoin(parts, " "), maxBytes);
}

/** Puts arguments in the place of the directives; `used` counts the format too. */
function fillIn(
  format: string,
  args: readonly unknown[],
  options: InspectOptions,
): { text: string; used: number } {
  const parts: string[] = [];
  let used = 1;
  let from = 0;
  for (let at = stringIndexOf(format, "%", 0); at >= 0; at = stringIndexOf(format, "%", at)) {
    const letter = format[at + 1];
    const text = letter === "%" ? "%" : nextText(letter);
    if (text === undefined) {
      at++;
      continue;
    }
    arrayPush(parts, stringSlice(format, from, at));
    arrayPush(parts, text);
    if (letter !== "%") used++;
    at = from = at + 2;
  }
  arrayPush(parts, stringSlice(format, from));
  return { text: arrayJoin(parts, ""), used };

  function nextText(letter: string | undefined): string | undefined {
    if (used >= args.length) return undefined;
    const value = args[used];
    switch (letter) {
      case "s":
        return typeof value === "string" ? value : inspect(value, { ...options, depth: 1 });
      case "d":
        return numberText(value, toNumber);
      case "i":
        return numberText(value, integerOf);
      case "f":
        return numberText(value, floatOf);
      case "o":
      case "O":
        return typeof value === "string" ? primitiveText(value) : inspect(value, options);
      case "j":
        return jsonText(value);
      case "c":
        return "";
      default:
        return undefined;
    }
  }
}

function numberText(value: unknown, read: (value: unknown) => number): string {
  if (typeof value === "bigint") return primitiveText(value);
  const isNumeric = typeof value === "number" || typeof value === "string";
  return primitiveText(isNumeric ? read(value) : NaN);
}

function integerOf(value: unknown): number {
  return typeof value === "number" ? trunc(value) : nativeParseInt(`${value}`, 10);
}

function floatOf(value: unknown): number {
  return nativeParseFloat(`${value}`);
}

function jsonText(value: unknown): string {
  try {
    return jsonStringify(value) ?? "undefined";
  } catch {
    return "[Circular]"; // or a BigInt, or a getter that throws: no JSON in any case
  }
}
