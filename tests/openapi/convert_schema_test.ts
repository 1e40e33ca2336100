import { deepStrictEqual, ok } from "assert";
import fc from "fast-check";
import type { JsonSchema } from "../../src/catalog/tool.ts";
import { type ConvertContext, convertSchema } from "../../src/openapi/convert_schema.ts";
import { asPart } from "../../src/openapi/part.ts";

Deno.test("convertSchema() says in JSON Schema what version 3.0 says in its own way", () => {
  const cases: [unknown, JsonSchema][] = [
    [{ type: "string", nullable: true }, { type: ["string", "null"] }],
    [{ type: "string", enum: ["a"], nullable: true }, {
      type: ["string", "null"],
      enum: ["a", null],
    }],
    [{ nullable: true, description: "d", allOf: [{ $ref: "#/A" }] }, {
      description: "d",
      anyOf: [{ allOf: [{ $ref: "#/$defs/A" }] }, { type: "null" }],
    }],
    [{ minimum: 1, exclusiveMinimum: true }, { exclusiveMinimum: 1 }],
    [{ maximum: 9, exclusiveMaximum: false }, { maximum: 9 }],
    [{ $ref: "#/A", description: "d", type: "string" }, { description: "d", $ref: "#/$defs/A" }],
    [{ type: "object", example: {}, xml: {}, "x-own": 1, discriminator: {} }, { type: "object" }],
  ];
  for (const [schema, converted] of cases) {
    deepStrictEqual(convertSchema(schema, { ...context, dialect: "3.0" }), converted);
  }
});

Deno.test("convertSchema() keeps what version 3.1 says beside a reference", () => {
  const schema = { $ref: "#/A", minLength: 2, type: ["string", "null"], exclusiveMinimum: 3 };

  deepStrictEqual(convertSchema(schema, context), {
    $ref: "#/$defs/A",
    minLength: 2,
    type: ["string", "null"],
    exclusiveMinimum: 3,
  });
});

Deno.test("convertSchema() leaves out what does not travel this way, and asks for it no more", () => {
  const schema = {
    properties: { id: { readOnly: true }, name: {}, link: { $ref: "#/A" } },
    required: ["id", "name", "elsewhere", 7],
  };
  const follow = (value: unknown) =>
    asPart(value)?.$ref === undefined ? asPart(value) : { readOnly: true };

  deepStrictEqual(convertSchema(schema, { ...context, follow }), {
    properties: { name: {} },
    required: ["name", "elsewhere"],
  });
});

Deno.test("convertSchema() leaves open what leads nowhere, is malformed, or has no end", () => {
  let deep: unknown = { type: "string" };
  for (let i = 0; i < 10_000; i++) deep = { items: deep };
  const data = JSON.parse("[".repeat(10_000) + "]".repeat(10_000));

  deepStrictEqual(convertSchema({ $ref: "https://x/schema.json" }, context), {});
  deepStrictEqual(
    convertSchema(
      { type: "what", properties: [], required: "x", minimum: "1", allOf: {}, enum: 1 },
      context,
    ),
    {},
  );
  deepStrictEqual(convertSchema({ default: data, enum: [data], const: 1 }, context), { const: 1 });
  ok(JSON.stringify(convertSchema(deep, context)).length < 1_000);
});

Deno.test("convertSchema() throws for no JSON and keeps __proto__ a plain key", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    JSON.stringify(convertSchema(value, context));
  }));
  const schema = JSON.parse('{"properties":{"__proto__":{"type":"string"}}}');
  deepStrictEqual(JSON.stringify(convertSchema(schema, context)), JSON.stringify(schema));
});

const context: ConvertContext = {
  dialect: "3.1",
  leftOut: "readOnly",
  follow: asPart,
  refTo: (ref) => ref === "#/A" ? "#/$defs/A" : undefined,
};
