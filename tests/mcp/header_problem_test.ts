import { doesNotThrow, strictEqual } from "assert";
import fc from "fast-check";
import { headerProblem } from "../../src/mcp/header_problem.ts";

const problems: [string, unknown, string | undefined][] = [
  ["a header", { properties: { a: { type: "string", "x-mcp-header": "Region" } } }, undefined],
  [
    "a header of a nested property",
    { properties: { a: { properties: { b: { type: "integer", "x-mcp-header": "B" } } } } },
    undefined,
  ],
  ["a default that looks like one", { default: { "x-mcp-header": 1 } }, undefined],
  ["no schema", true, undefined],
  ["an empty name", at({ type: "string", "x-mcp-header": "" }), "is not the name of a header"],
  ["a colon", at({ type: "string", "x-mcp-header": "a:b" }), "is not the name of a header"],
  [
    "a number",
    at({ type: "number", "x-mcp-header": "N" }),
    "stands at a property that is no string, integer or boolean",
  ],
  [
    "items",
    at({ type: "array", items: { type: "string", "x-mcp-header": "I" } }),
    "does not stand at a property",
  ],
  ["the whole", { "x-mcp-header": "W" }, "does not stand at a property"],
  [
    "the same twice",
    {
      properties: {
        a: { type: "string", "x-mcp-header": "One" },
        b: { type: "string", "x-mcp-header": "ONE" },
      },
    },
    "names a header twice",
  ],
];

for (const [name, schema, problem] of problems) {
  Deno.test(`headerProblem() judges ${name}`, () => {
    const expected = problem && `Cannot use the tool: x-mcp-header in its inputSchema ${problem}`;

    strictEqual(headerProblem(schema), expected);
  });
}

Deno.test("headerProblem() never throws", () => {
  fc.assert(fc.property(fc.jsonValue(), (schema) => {
    doesNotThrow(() => headerProblem(schema));
  }));
});

function at(schema: unknown): unknown {
  return { properties: { a: schema } };
}
