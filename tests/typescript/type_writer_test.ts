import { deepStrictEqual, match, ok, strictEqual } from "assert";
import fc from "fast-check";
import type { JsonSchema } from "../../src/catalog/tool.ts";
import { TypeWriter, type TypeWriterOptions } from "../../src/typescript/type_writer.ts";
import { checkTypes } from "./check_types.ts";

const text = { type: "string" };
const number = { type: "number" };

Deno.test("TypeWriter writes each keyword of every draft", () => {
  const cases: [schema: JsonSchema, type: string][] = [
    [true, "unknown"],
    [false, "never"],
    [{}, "unknown"],
    [{ type: "integer" }, "number"],
    [{ type: ["string", "null"] }, "string | null"],
    [{ type: "string", nullable: true }, "string | null"],
    [{ type: "file" }, "unknown"],
    [{ enum: ["a", 1, null, true] }, '"a" | 1 | null | true'],
    [{ const: { a: [1, "b"] } }, '{ a: [1, "b"] }'],
    [{ properties: { id: text, n: number }, required: ["n"] }, "{ n: number; id?: string }"],
    [{ type: "object" }, "{ [key: string]: unknown }"],
    [{ type: "object", additionalProperties: false }, "{}"],
    [{ type: "object", additionalProperties: number }, "{ [key: string]: number }"],
    [{ patternProperties: { "^a": text, "^b": number } }, "{ [key: string]: string | number }"],
    [
      { properties: { a: text }, additionalProperties: true },
      "{ a?: string; [key: string]: unknown }",
    ],
    [{ properties: { "a-b": text }, required: ["c"] }, '{ c: unknown; "a-b"?: string }'],
    [{ type: "array" }, "unknown[]"],
    [{ items: { type: ["string", "number"] } }, "(string | number)[]"],
    [{ prefixItems: [text, number] }, "[string, number]"],
    [{ prefixItems: [text, number], minItems: 1 }, "[string, number?, ...unknown[]]"],
    [{ prefixItems: [text], items: number }, "[string, ...number[]]"],
    [{ items: [text, number], additionalItems: false }, "[string, number]"],
    [{ items: [text], additionalItems: number }, "[string, ...number[]]"],
    [{ type: "array", prefixItems: [text, text], minItems: 2, maxItems: 2 }, "[string, string]"],
    [{ anyOf: [text, number] }, "string | number"],
    [{ oneOf: [text, true] }, "unknown"],
    [
      { allOf: [{ properties: { a: text } }, { properties: { b: text } }] },
      "{ a?: string } & { b?: string }",
    ],
    [
      { type: "object", oneOf: [{ properties: { a: text } }, { properties: { b: text } }] },
      "{ a?: string } | { b?: string }",
    ],
    [{ properties: { a: text }, anyOf: [{ required: ["a"] }] }, "{ a?: string }"],
    [{ not: text }, "unknown"],
    [{ $ref: "https://example.com/other.json" }, "unknown"],
  ];
  for (const [schema, type] of cases) strictEqual(line(schema), type);
});

Deno.test("TypeWriter names what references lead to, once", () => {
  const schema = {
    $defs: { "line-item": { properties: { next: { $ref: "#/$defs/line-item" } } } },
    properties: { first: { $ref: "#/$defs/line-item" }, all: { items: { $ref: "#" } } },
  };
  const writer = new TypeWriter(schema, { layout: "line", qualifier: "order." });
  strictEqual(writer.write(), "{ first?: order.LineItem; all?: order.Type[] }");
  deepStrictEqual(writer.writeNamed(), [
    { name: "LineItem", text: "{ next?: LineItem }", doc: "" },
    { name: "Type", text: "{ first?: LineItem; all?: Type[] }", doc: "" },
  ]);
});

Deno.test("TypeWriter writes no type that is nothing but itself", () => {
  const loop = { anyOf: [{ $ref: "#/$defs/loop" }, text] };
  const writer = new TypeWriter({ $defs: { loop }, properties: { a: { $ref: "#/$defs/loop" } } });
  writer.write();
  deepStrictEqual(writer.writeNamed().map((type) => type.text), ["unknown"]);
});

Deno.test("TypeWriter ignores what stands beside a reference in draft 7 only", () => {
  const schema = { $defs: { a: text }, properties: { x: { $ref: "#/$defs/a", enum: ["b"] } } };
  strictEqual(line(schema), '{ x?: A & "b" }');
  const old = { $schema: "http://json-schema.org/draft-07/schema#", ...schema };
  strictEqual(line(old), "{ x?: A }");
});

Deno.test("TypeWriter shortens what is too deep, too long or too wide, and says so", () => {
  const deep = { properties: { a: { properties: { b: { properties: { c: text } } } } } };
  strictEqual(line(deep, { maxDepth: 2 }), "{ a?: { b?: unknown /* … */ } }");

  const names = Array.from({ length: 5_000 }, (_, i) => [`name${i}`, text] as const);
  const long = new TypeWriter({ properties: Object.fromEntries(names) }, { maxChars: 500 }).write();
  ok(long.length < 1_500);
  match(long, /\[key: string\]: unknown \/\* \d{4} more \*\//);

  const choice = { enum: Array.from({ length: 90 }, (_, i) => i) };
  strictEqual(line({ allOf: [choice, choice, choice] }), "unknown /* … */");
  strictEqual(
    line({ enum: ["a", "b", "c", 4] }, { maxEnum: 2 }),
    '"a" | "b" | string | number /* 2 more */',
  );
});

Deno.test("TypeWriter writes what a schema says about itself into comments", () => {
  const limit = { type: "integer", description: "How many", default: 10, minimum: 1, maximum: 50 };
  strictEqual(
    new TypeWriter({ properties: { limit }, required: ["limit"] }).write("  "),
    "{\n    /** How many. Default: 10. 1 to 50 */\n    limit: number;\n  }",
  );
});

Deno.test("TypeWriter ends for every value, however nested", () => {
  let deep: JsonSchema = text;
  for (let i = 0; i < 3_000; i++) deep = { allOf: [deep, { items: deep }] };
  ok(new TypeWriter(deep).write().length < 200_000);
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const schema: JsonSchema = JSON.parse(JSON.stringify({ properties: { value } }));
    new TypeWriter(schema).write();
  }));
});

Deno.test("TypeWriter writes types that compile for any schema", async () => {
  const hostile = fc.constantFrom(
    "__proto__",
    "constructor",
    "*/ x",
    "`${x}`",
    "a\u2028b",
    "\\",
    '"',
    "</script>",
    "\n",
    "get",
    "readonly",
    "",
    "0",
  );
  const ref = fc.constantFrom("#", "#/$defs/a", "#/$defs/b", "#/nowhere", "#/$defs/a/items");
  const value = fc.oneof(hostile, fc.double(), fc.boolean(), fc.constant(null), fc.jsonValue());
  const { schema } = fc.letrec((tie) => {
    const list = fc.array(tie("schema"), { maxLength: 3 });
    const map = fc.dictionary(fc.oneof(hostile, fc.string()), tie("schema"), { maxKeys: 3 });
    const type = fc.constantFrom("string", "number", "object", "array", "null", "boolean", "x");
    return {
      schema: fc.oneof(
        { maxDepth: 4 },
        fc.boolean(),
        fc.record({
          type: fc.oneof(type, fc.array(type)),
          properties: map,
          patternProperties: map,
          required: fc.array(hostile),
          additionalProperties: tie("schema"),
          items: fc.oneof(tie("schema"), list),
          prefixItems: list,
          additionalItems: tie("schema"),
          minItems: fc.nat(3),
          maxItems: fc.nat(3),
          enum: fc.array(value),
          const: value,
          allOf: list,
          anyOf: list,
          oneOf: list,
          not: tie("schema"),
          nullable: fc.boolean(),
          $ref: ref,
          description: fc.oneof(hostile, fc.string()),
          default: value,
          pattern: hostile,
          examples: fc.array(value),
        }, { requiredKeys: [] }),
      ),
    };
  });
  const schemas = fc.sample(fc.record({ root: schema, a: schema, b: schema }), 400);
  const source = schemas.map(({ root, a, b }, i) => {
    const whole = JSON.parse(JSON.stringify({ allOf: [root], $defs: { a, b } }));
    const writer = new TypeWriter(whole, { untyped: i % 2 === 0 ? "unknown" : "any" });
    const type = writer.write();
    const named = writer.writeNamed().map(({ name, text }) => `type ${name} = ${text};`);
    return `declare namespace n${i} {\n${named.join("\n")}\nconst root: ${type};\n}`;
  });
  strictEqual(await checkTypes({ "types.ts": source.join("\n") }), "");
});

function line(schema: JsonSchema, options: TypeWriterOptions = {}): string {
  return new TypeWriter(schema, { layout: "line", ...options }).write();
}
