import { deepStrictEqual, strictEqual } from "assert";
import fc from "fast-check";
import { mergeShapes, shapeOf } from "../../src/catalog/answer_shape.ts";
import { formatShape, parseShape, shapeSchema } from "../../src/catalog/shape_schema.ts";
import type { Tool } from "../../src/catalog/tool.ts";
import { validateArguments } from "../../src/catalog/validate_arguments.ts";
import type { Json } from "../../src/protocol/json.ts";

Deno.test("shapeSchema() describes objects, lists, maps and plain values", () => {
  const shape = mergeShapes(shapeOf({ id: "a", n: 1 }), shapeOf({ id: null }));

  deepStrictEqual(shapeSchema(shape), {
    type: "object",
    properties: { id: { type: ["null", "string"] }, n: { type: "number" } },
    required: ["id"],
  });
  deepStrictEqual(shapeSchema(shapeOf([])), { type: "array", items: true });
  deepStrictEqual(shapeSchema(mergeShapes(shapeOf({ "1": true }), shapeOf("x"))), {
    anyOf: [{ type: "object", additionalProperties: { type: "boolean" } }, { type: "string" }],
  });
  strictEqual(shapeSchema({ plain: [], isOpen: true }), true);
});

Deno.test("shapeSchema() takes every answer that it was learned from", () => {
  fc.assert(fc.property(answers(), answers(), (a, b) => {
    const schema = shapeSchema(mergeShapes(shapeOf(a), shapeOf(b)));
    const inputSchema = { type: "object", properties: { answer: schema } };
    const tool: Tool = {
      name: "s.t",
      server: "s",
      tool: "t",
      namespace: "s",
      member: "t",
      hash: "",
      inputSchema,
    };
    deepStrictEqual(validateArguments(tool, { answer: a }), []);
    deepStrictEqual(validateArguments(tool, { answer: b }), []);
  }));
});

Deno.test("parseShape() reads what formatShape() wrote, and nothing else", () => {
  fc.assert(fc.property(answers(), (answer) => {
    const shape = shapeOf(answer);
    deepStrictEqual(parseShape(formatShape(shape)), shape);
  }));
  for (
    const other of [undefined, 7, "", "{", "{}", '{"plain":["date"]}', `"${"x".repeat(70_000)}"`]
  ) {
    strictEqual(parseShape(other), undefined);
  }
});

function answers(): fc.Arbitrary<Json> {
  return fc.letrec<{ answer: Json }>((tie) => ({
    answer: fc.oneof(
      { maxDepth: 8 },
      fc.constantFrom<Json>(1, "x", true, null),
      fc.array(tie("answer"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom("id", "name", "__proto__", "a", "1", "b"), tie("answer"), {
        maxKeys: 6,
        noNullPrototype: true,
      }),
    ),
  })).answer;
}
