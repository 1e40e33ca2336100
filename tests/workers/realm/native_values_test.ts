import { deepStrictEqual, strictEqual, throws } from "assert";
import {
  dateText,
  dateTime,
  flagsOf,
  isClass,
  regExpText,
  sourceOf,
  unboxed,
} from "../../../workers/realm/native_values.ts";

Deno.test("dateText() and dateTime() read dates, invalid ones too", () => {
  deepStrictEqual([dateText(new Date(5)), dateText(new Date(NaN)), dateTime(new Date(5))], [
    "1970-01-01T00:00:00.005Z",
    "Invalid Date",
    5,
  ]);
});

Deno.test("regExpText() reads an expression by its slots", () => {
  const expression = Object.defineProperty(/a\/[b]/gu, "source", { value: "poison" });

  deepStrictEqual([regExpText(expression), sourceOf(expression), flagsOf(expression)], [
    "/a\\/[b]/gu",
    "a\\/[b]",
    "gu",
  ]);
});

Deno.test("unboxed() gives the primitive of each of the five boxes", () => {
  const symbol = Symbol("s");
  const primitives = [1, "a", false, 2n, symbol];

  deepStrictEqual(primitives.map((value) => unboxed(Object(value))), primitives);
});

Deno.test("the readers throw a TypeError for what only looks the part", () => {
  for (const read of [dateText, dateTime, regExpText, unboxed]) throws(() => read({}), TypeError);
});

Deno.test("isClass() tells classes from functions", () => {
  strictEqual(
    [class {}, class A {}, function classy() {}, () => "class", Map].map(isClass).join(),
    "true,true,false,false,false",
  );
});
