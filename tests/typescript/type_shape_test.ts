import { deepStrictEqual, strictEqual } from "assert";
import { SchemaRefs } from "../../src/catalog/schema_refs.ts";
import type { SchemaObject } from "../../src/catalog/schema_refs.ts";
import { TypeShape } from "../../src/typescript/type_shape.ts";

Deno.test("TypeShape.typesOf() infers a type where none is given", () => {
  const shape = new TypeShape(new SchemaRefs({}));
  deepStrictEqual(shape.typesOf({ type: ["string", "null", "string"] }), ["string", "null"]);
  deepStrictEqual(shape.typesOf({ properties: {} }), ["object"]);
  deepStrictEqual(shape.typesOf({ items: {} }), ["array"]);
  deepStrictEqual(shape.typesOf({ required: ["a"] }), []);
});

Deno.test("TypeShape.isTooWide() multiplies alternatives through references", () => {
  const a: SchemaObject = { enum: Array.from({ length: 50 }, (_, i) => i) };
  const wide = { allOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/a" }] };
  const root = { $defs: { a }, ...wide };
  const shape = new TypeShape(new SchemaRefs(root));
  strictEqual(shape.isTooWide(root), true);
  strictEqual(shape.isTooWide(a), false);
});

Deno.test("TypeShape.isCircular() finds what names itself outright, not through an object", () => {
  const $defs = {
    loop: { anyOf: [{ $ref: "#/$defs/other" }, { type: "string" }] },
    other: { allOf: [{ $ref: "#/$defs/loop" }] },
    tree: { properties: { left: { $ref: "#/$defs/tree" } } },
  };
  const shape = new TypeShape(new SchemaRefs({ $defs }));
  strictEqual(shape.isCircular($defs.loop), true);
  strictEqual(shape.isCircular($defs.tree), false);
});
