/**
 * Reads the built-in objects that keep their value where no property shows it.
 * Each throws a `TypeError` for an object that only looks the part. @module
 */

import { apply, matches, uncurryGetter } from "./primordials.ts";

const { toISOString, getTime } = Date.prototype;
/** The source of a regular expression. */
export const sourceOf = uncurryGetter<string>(RegExp.prototype, "source");
/** The flags of a regular expression. */
export const flagsOf = uncurryGetter<string>(RegExp.prototype, "flags");
const unboxers = [
  Number.prototype.valueOf,
  String.prototype.valueOf,
  Boolean.prototype.valueOf,
  Symbol.prototype.valueOf,
  BigInt.prototype.valueOf,
];
const plainClassSource = /^class\b/;
const functionSource = Function.prototype.toString;

/** Milliseconds of a date; `NaN` for an invalid one. */
export function dateTime(date: object): number {
  return apply(getTime, date, []);
}

/** A date as ISO 8601, or `Invalid Date`. */
export function dateText(date: object): string {
  const time = dateTime(date);
  return time === time ? apply(toISOString, date, []) : "Invalid Date";
}

/** A regular expression as it is written. */
export function regExpText(expression: object): string {
  return `/${sourceOf(expression)}/${flagsOf(expression)}`;
}

/** The primitive in a boxed one. */
export function unboxed(box: object): unknown {
  for (let i = 0; i < unboxers.length; i++) {
    try {
      return apply(unboxers[i], box, []);
    } catch {
      continue; // of another of the five types
    }
  }
  throw new TypeError("Cannot unbox an object: it holds no primitive");
}

/** Whether a function is a class. */
export function isClass(value: object): boolean {
  return matches(plainClassSource, apply(functionSource, value, []));
}
