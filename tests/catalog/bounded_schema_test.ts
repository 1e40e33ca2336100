import { deepStrictEqual, ok, strictEqual } from "assert";
import { boundSchema } from "../../src/catalog/bounded_schema.ts";
import type { JsonSchema } from "../../src/catalog/tool.ts";

Deno.test("boundSchema() keeps what is sound and drops what has the wrong form", () => {
  const kept = bound({ minLength: 2, required: ["a", 1], maxLength: "3", type: "text", items: 5 });
  deepStrictEqual(kept, { minLength: 2, required: ["a"] });
});

Deno.test("boundSchema() counts one-of as any-of once anything was left out", () => {
  const oneOf = [{ type: "string" }, { type: "number" }];
  deepStrictEqual(bound({ oneOf }).oneOf?.length, 2);
  const loose = bound({ oneOf, properties: { a: { format: "email" } } });
  strictEqual(loose.oneOf, undefined);
  strictEqual(loose.allOf?.[0].anyOf?.length, 2);
});

Deno.test("boundSchema() drops negations whose inside is not whole", () => {
  strictEqual("not" in bound({ not: { pattern: "^(a+)+$" } }), false);
  strictEqual("not" in bound({ not: { pattern: "^a+$" } }), true);
});

Deno.test("boundSchema() does not forbid names that a dropped pattern may have allowed", () => {
  const patternProperties = { "(a+)+": {} };
  const kept = bound({ patternProperties, additionalProperties: false });
  strictEqual(kept.additionalProperties, true);
});

Deno.test("boundSchema() puts what a reference leads to into a table, once", () => {
  const list = { properties: { next: { $ref: "#/$defs/list" } } };
  const schema = { $defs: { list }, items: [{ $ref: "#/$defs/list" }, { $ref: "#/$defs/list" }] };
  const { lookup } = boundSchema(schema, () => {});
  deepStrictEqual(Object.keys(lookup), ["#0"]);
});

Deno.test("boundSchema() ends for schemas deeper and larger than its bounds", () => {
  let deep: JsonSchema = { type: "string" };
  for (let i = 0; i < 5_000; i++) deep = { items: deep };
  const wide = { anyOf: Array.from({ length: 50_000 }, () => ({ type: "string" })) };
  ok(boundSchema(deep, () => {}).schema);
  ok(boundSchema(wide, () => {}).schema);
});

Deno.test("boundSchema() reports the weight of a schema whenever it is entered", () => {
  const weights: number[] = [];
  const { schema } = boundSchema({ required: ["a", "b"] }, (weight) => weights.push(weight));
  if (typeof schema === "object") void schema.$recursiveAnchor;
  deepStrictEqual(weights, [3]);
});

function bound(schema: JsonSchema) {
  const bounded = boundSchema(schema, () => {}).schema;
  return typeof bounded === "object" ? { ...bounded } : {};
}
