import { deepStrictEqual, ok, strictEqual } from "assert";
import { validate } from "@cfworker/json-schema";
import { boundSchema } from "../../src/catalog/bounded_schema.ts";
import { explainErrors } from "../../src/catalog/explain_errors.ts";
import type { JsonSchema } from "../../src/catalog/tool.ts";
import type { Json } from "../../src/protocol/json.ts";

Deno.test("explainErrors() names places through references", () => {
  const schema = {
    $defs: { mode: { enum: ["fast", "slow"] } },
    properties: { list: { items: { properties: { mode: { $ref: "#/$defs/mode" } } } } },
  };
  deepStrictEqual(explain(schema, { list: [{ mode: "fasst" }] }), [
    { path: "list[0].mode", message: 'Expected "fast"; all are: "fast", "slow"' },
  ]);
});

Deno.test("explainErrors() says so where a value has no one form it was meant to have", () => {
  const oneOf = [{ required: ["a"] }, { required: ["b"] }];
  deepStrictEqual(explain({ oneOf }, {}), [
    { path: "", message: "Matches none of the 2 forms it may have" },
  ]);
  deepStrictEqual(explain({ oneOf }, { a: 1, b: 1 }), [
    { path: "", message: "Matches several of the forms of which it may match one" },
  ]);
});

Deno.test("explainErrors() says what is expected of single values, and lists", () => {
  const properties = { a: { const: 1 }, b: { minimum: 3 }, c: { maxItems: 1 }, d: { enum: ["x"] } };
  const messages = explain({ properties }, { a: 2, b: 1, c: [1, 2], d: 0 })
    .map(({ message }) => message);
  deepStrictEqual(messages, [
    "Expected 1",
    "1 is less than 3",
    "Array has too many items (2 > 1)",
    'Expected "x"',
  ]);
});

Deno.test("explainErrors() bounds how much it says", () => {
  const names = Array.from({ length: 500 }, (_, i) => `${i}`.repeat(300));
  const issues = explain({ required: names }, {});
  strictEqual(issues.length, 20);
  ok(issues.every(({ message, path }) => message.length <= 301 && path.length <= 301));
});

function explain(schema: JsonSchema, args: { readonly [name: string]: Json }) {
  const bounded = boundSchema(schema, () => {});
  const { errors } = validate(args, bounded.schema, bounded.draft, bounded.lookup, false);
  return explainErrors(errors, args, bounded);
}
