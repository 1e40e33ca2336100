import { deepStrictEqual, strictEqual, throws } from "assert";
import fc from "fast-check";
import { isDeeperThan, parseJson } from "../../src/protocol/json_text.ts";

Deno.test("isDeeperThan() agrees with a walk over the parsed value", () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 8 }), fc.integer({ min: 0, max: 8 }), (v, max) => {
    strictEqual(isDeeperThan(" ".repeat(max) + JSON.stringify(v), max), depth(v) > max);
  }));
});

Deno.test("isDeeperThan() does not count brackets within strings", () => {
  strictEqual(isDeeperThan(JSON.stringify(['[[[["\\[[[[', "{{{"]), 1), false);
});

Deno.test("parseJson() refuses 100,000 levels with a SyntaxError", () => {
  throws(() => parseJson("[".repeat(100_000)), /nested deeper than 200/);
});

Deno.test("parseJson() parses what is within its depth", () => {
  deepStrictEqual(parseJson('{"a":[1,{"b":null}]}', { maxDepth: 3 }), { a: [1, { b: null }] });
});

Deno.test("isDeeperThan() ends on a string that never does", () => {
  strictEqual(isDeeperThan(`["${"x".repeat(500)}`, 3), false);
});

function depth(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depth));
}
