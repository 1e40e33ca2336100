import { deepStrictEqual, ok, strictEqual } from "assert";
import fc from "fast-check";
import type { JsonSchema, Tool } from "../../src/catalog/tool.ts";
import { validateArguments } from "../../src/catalog/validate_arguments.ts";
import type { Json } from "../../src/protocol/json.ts";

Deno.test("validateArguments() accepts what the schema accepts", () => {
  const schema = {
    type: "object",
    properties: { id: { type: "string" }, limit: { type: "integer", minimum: 1 } },
    required: ["id"],
    additionalProperties: false,
  };
  deepStrictEqual(check(schema, { id: "a", limit: 3 }), []);
});

Deno.test("validateArguments() names each fault with its path and the nearest name", () => {
  const schema = {
    type: "object",
    properties: {
      limit: { type: "integer" },
      sort: { enum: ["newest", "oldest"] },
      filters: { type: "array", items: { properties: { name: { type: "string" } } } },
    },
    required: ["limit", "query"],
    additionalProperties: false,
  };
  const args = { limti: 3, limit: "3", sort: "newst", filters: [{ name: "a" }, { name: 1 }] };
  deepStrictEqual(check(schema, args), [
    { path: "query", message: 'Missing required property "query"' },
    { path: "limit", message: "Expected integer, got string" },
    { path: "sort", message: 'Expected "newest"; all are: "newest", "oldest"' },
    { path: "filters[1].name", message: "Expected string, got number" },
    { path: "limti", message: 'Unknown property "limti"; did you mean "limit"?' },
  ]);
});

Deno.test("validateArguments() says which name a missing property was meant by", () => {
  const schema = { properties: { issue_id: { type: "string" } }, required: ["issue_id"] };
  deepStrictEqual(check(schema, { issueId: "7" }), [{
    path: "issue_id",
    message: 'Missing required property "issue_id"; was it meant by "issueId"?',
  }]);
});

Deno.test("validateArguments() explains the branch of a choice that was meant", () => {
  const schema = {
    properties: {
      shape: {
        oneOf: [
          { properties: { kind: { const: "circle" }, r: { type: "number" } }, required: ["r"] },
          { properties: { kind: { const: "square" }, a: { type: "number" } }, required: ["a"] },
        ],
      },
      limit: { anyOf: [{ type: "number" }, { type: "null" }] },
    },
  };
  deepStrictEqual(check(schema, { shape: { kind: "circle" }, limit: "9" }), [
    { path: "shape.r", message: 'Missing required property "r"' },
    { path: "limit", message: "Expected number or null, got string" },
  ]);
});

Deno.test("validateArguments() follows references of every kind and draft", () => {
  const text: JsonSchema = { type: "string" };
  const schemas: JsonSchema[] = [
    { $defs: { a: text }, properties: { x: { $ref: "#/$defs/a" } } },
    { definitions: { "a/b": text }, properties: { x: { $ref: "#/definitions/a~1b" } } },
    { $defs: { a: { $anchor: "here", ...text } }, properties: { x: { $ref: "#here" } } },
    { $defs: { a: { $id: "text.json", ...text } }, properties: { x: { $ref: "text.json" } } },
    { properties: { y: text, x: { $ref: "#/properties/y" } } },
    { $defs: { a: { $dynamicAnchor: "n", ...text } }, properties: { x: { $dynamicRef: "#n" } } },
    {
      $schema: "http://json-schema.org/draft-04/schema#",
      definitions: { a: { id: "#a", ...text } },
      properties: { x: { $ref: "#a" } },
    },
    {
      $id: "https://example.com/root",
      $defs: { inner: { $id: "inner", $defs: { a: text }, $ref: "#/$defs/a" } },
      properties: { x: { $ref: "https://example.com/inner" } },
    },
  ];
  for (const schema of schemas) {
    deepStrictEqual(check(schema, { x: "a" }), []);
    deepStrictEqual(check(schema, { x: 1 }), [
      { path: "x", message: "Expected string, got number" },
    ]);
  }
});

Deno.test("validateArguments() checks recursive structures to their ends", () => {
  const schema = {
    type: "object",
    properties: { value: { type: "number" }, next: { $ref: "#" } },
    required: ["value"],
  };
  deepStrictEqual(check(schema, { value: 1, next: { value: 2, next: { value: "3" } } }), [
    { path: "next.next.value", message: "Expected number, got string" },
  ]);
});

Deno.test("validateArguments() reads the exclusive bounds of draft 4 and those of today", () => {
  const old = { $schema: "http://json-schema.org/draft-04/schema#" };
  const draft4 = { ...old, properties: { n: { minimum: 1, exclusiveMinimum: true } } };
  const today = { properties: { n: { exclusiveMinimum: 1 } } };
  for (const schema of [draft4, today]) {
    strictEqual(check(schema, { n: 1 }).length, 1);
    strictEqual(check(schema, { n: 2 }).length, 0);
  }
});

Deno.test("validateArguments() checks tuples of both spellings", () => {
  const pair = [{ type: "string" }, { type: "number" }];
  for (const p of [{ prefixItems: pair, items: false }, { items: pair, additionalItems: false }]) {
    deepStrictEqual(check({ properties: { p } }, { p: ["a", 1] }), []);
    strictEqual(check({ properties: { p } }, { p: [1, 1] })[0].path, "p[0]");
    strictEqual(check({ properties: { p } }, { p: ["a", 1, 2] })[0].path, "p[2]");
  }
});

Deno.test("validateArguments() leaves to the tool's server what it does not know", () => {
  const foreign = { properties: { a: { $ref: "https://example.com/a.json" } } };
  const format = { properties: { a: { type: "string", format: "email" } } };
  const named = { properties: { a: { type: "file" } } };
  const inverted = { properties: { a: { not: { $ref: "#/nowhere" } } } };
  for (const schema of [foreign, format, named, inverted]) {
    deepStrictEqual(check(schema, { a: "x" }), []);
  }
});

Deno.test("validateArguments() checks patterns that take linear time, and no others", () => {
  const digits = { properties: { id: { type: "string", pattern: "^\\d+$" } } };
  const evil = { properties: { id: { type: "string", pattern: "^(a+)+$" } } };
  const names = {
    patternProperties: { "^x-[a-z]+$": { type: "string" } },
    additionalProperties: false,
  };
  strictEqual(check(digits, { id: "12a" })[0].message, "Does not match the pattern ^\\d+$");
  deepStrictEqual(check(evil, { id: `${"a".repeat(50_000)}!` }), []);
  deepStrictEqual(check(names, { "x-a": "1" }), []);
  strictEqual(check(names, { "x-a": 1 })[0].path, '["x-a"]');
});

Deno.test("validateArguments() ends in time for schemas that multiply", () => {
  const $defs: Record<string, Json> = { d0: { type: "object", required: ["z"] } };
  for (let i = 1; i < 40; i++) {
    const ref = { $ref: `#/$defs/d${i - 1}` };
    $defs[`d${i}`] = { anyOf: [ref, { not: ref }, { allOf: [ref, ref] }] };
  }
  const bomb = { $defs, allOf: [{ $ref: "#/$defs/d39" }] };
  const loop = { $defs: { a: { anyOf: [{ $ref: "#/$defs/a" }] } }, $ref: "#/$defs/a" };
  ok(Array.isArray(check(bomb, {})));
  deepStrictEqual(check(loop, {}), []);
});

Deno.test("validateArguments() treats properties of every object as ordinary names", () => {
  const schema: JsonSchema = JSON.parse(
    '{"properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}},' +
      '"required":["toString"],"additionalProperties":false}',
  );
  const args = JSON.parse('{"__proto__":1,"constructor":2}');
  deepStrictEqual(check(schema, args).map(({ path }) => path), [
    "toString",
    "__proto__",
    "constructor",
  ]);
});

Deno.test("validateArguments() does not coerce and does not change what it is given", () => {
  const schema = Object.freeze({ properties: Object.freeze({ n: { type: "number" } }) });
  const args = Object.freeze({ n: "1" });
  strictEqual(check(schema, args).length, 1);
  deepStrictEqual({ schema, args }, {
    schema: { properties: { n: { type: "number" } } },
    args: { n: "1" },
  });
});

Deno.test("validateArguments() throws for no schema and no arguments", () => {
  const keyword = fc.constantFrom(
    ..."$ref $id $anchor $schema $dynamicRef $recursiveRef type enum const properties required items"
      .split(" "),
    ..."prefixItems additionalProperties patternProperties pattern allOf anyOf oneOf not if then"
      .split(" "),
    ..."else contains dependencies dependentSchemas dependentRequired multipleOf minimum $defs"
      .split(" "),
    ..."exclusiveMinimum minLength uniqueItems unevaluatedProperties propertyNames nullable format"
      .split(" "),
  );
  const leaf = fc.constantFrom("#", "#/", "string", "object", "^a*$", "(", "a", 0, -1, 1e300, null);
  const { schema } = fc.letrec((tie) => ({
    schema: fc.oneof(
      { depthSize: "medium" },
      leaf,
      fc.boolean(),
      fc.dictionary(fc.oneof(keyword, fc.constantFrom("a", "__proto__")), tie("schema"), {
        maxKeys: 5,
      }),
      fc.array(tie("schema"), { maxLength: 3 }),
    ),
  }));
  const args = fc.dictionary(fc.constantFrom("a", "b", "#", "\ud800"), fc.jsonValue());
  fc.assert(
    fc.property(schema, args, (inputSchema, given) => {
      const value: Record<string, Json> = JSON.parse(JSON.stringify(given));
      const issues = check(JSON.parse(JSON.stringify({ x: inputSchema })).x ?? true, value);
      return issues.length <= 20 && issues.every(({ message }) => message.length <= 301);
    }),
    { numRuns: 2_000 },
  );
});

function check(inputSchema: JsonSchema, args: { readonly [name: string]: Json }) {
  const tool: Tool = {
    name: "t.t",
    server: "t",
    tool: "t",
    namespace: "t",
    member: "t",
    hash: "",
    inputSchema,
  };
  return validateArguments(tool, args);
}
