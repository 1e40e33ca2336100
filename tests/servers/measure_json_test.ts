import { deepStrictEqual, strictEqual } from "assert";
import fc from "fast-check";
import { measureJson } from "../../src/servers/measure_json.ts";

Deno.test("measureJson() counts nesting and objects", () => {
  deepStrictEqual(measureJson(1, 64), { depth: 0, objects: 0 });
  deepStrictEqual(measureJson({ a: [{ b: null }] }, 64), { depth: 3, objects: 2 });
});

Deno.test("measureJson() survives a million brackets", () => {
  const value: unknown = JSON.parse("[".repeat(1e6) + "]".repeat(1e6));

  strictEqual(measureJson(value, 64).depth, 65);
});

Deno.test("measureJson() agrees with a recursive count", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    strictEqual(measureJson(value, 1000).depth, depthOf(value));
  }));
});

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
