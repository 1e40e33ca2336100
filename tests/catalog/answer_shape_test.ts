import { deepStrictEqual, ok, strictEqual } from "assert";
import fc from "fast-check";
import {
  type AnswerShape,
  maxShapeDepth,
  maxShapeKeys,
  maxShapeNodes,
  mergeShapes,
  shapeOf,
} from "../../src/catalog/answer_shape.ts";
import type { Json } from "../../src/protocol/json.ts";

const text: AnswerShape = { plain: ["string"] };
const number: AnswerShape = { plain: ["number"] };

Deno.test("shapeOf() tells kinds and keys, of all items of a list together", () => {
  deepStrictEqual(shapeOf([{ id: "a", n: 1 }, { id: "b", n: null, more: [] }]), {
    plain: [],
    items: {
      plain: [],
      fields: [
        { name: "id", shape: text, isAlways: true },
        { name: "more", shape: { plain: [], items: { plain: [] } }, isAlways: false },
        { name: "n", shape: { plain: ["null", "number"] }, isAlways: true },
      ],
    },
  });
});

Deno.test("shapeOf() keeps no keys that are data", () => {
  const byId = {
    "0f8fad5b-d9cb-469f-a165-70867728950e": 1,
    "7c9e6679-7425-40de-944b-e07fc1f90ae7": 2,
  };
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${"x".repeat(i)}`, 1]));

  for (const answer of [byId, many, { "2026-01-02": 1 }, { ["k".repeat(65)]: 1 }]) {
    deepStrictEqual(shapeOf(answer), { plain: [], values: number });
  }
});

Deno.test("shapeOf() keeps keys such as __proto__ as keys", () => {
  const { fields } = shapeOf(JSON.parse('{"__proto__":1,"constructor":"a"}'));

  deepStrictEqual(fields?.map(({ name }) => name), ["__proto__", "constructor"]);
});

Deno.test("mergeShapes() makes keys optional that are not always there", () => {
  const merged = mergeShapes(shapeOf({ a: 1, b: "x" }), shapeOf({ a: "y" }));

  deepStrictEqual(merged.fields, [
    { name: "a", shape: { plain: ["number", "string"] }, isAlways: true },
    { name: "b", shape: text, isAlways: false },
  ]);
  deepStrictEqual(mergeShapes(merged, shapeOf([1])).fields, merged.fields);
});

Deno.test("mergeShapes() generalizes keys once many come and go with the same content", () => {
  const names = ["ann", "bob", "cid", "dan", "eve", "fay", "gus", "hal"];

  const merged = names.map((name) => shapeOf({ [name]: 1 })).reduce(mergeShapes);

  deepStrictEqual(merged, { plain: [], values: number });
});

Deno.test("mergeShapes() covers both, changes nothing the second time, and cares for no order", () => {
  fc.assert(fc.property(answers(), answers(), (a, b) => {
    const merged = mergeShapes(shapeOf(a), shapeOf(b));
    deepStrictEqual(mergeShapes(merged, shapeOf(a)), merged);
    deepStrictEqual(mergeShapes(merged, shapeOf(b)), merged);
    deepStrictEqual(mergeShapes(merged, merged), merged);
    deepStrictEqual(mergeShapes(shapeOf(b), shapeOf(a)), merged);
  }));
});

Deno.test("mergeShapes() stays within its bounds whatever it is given", () => {
  fc.assert(fc.property(fc.array(answers(), { minLength: 1, maxLength: 8 }), (all) => {
    const merged = all.map(shapeOf).reduce(mergeShapes);
    const { nodes, depth, keys } = measure(merged);
    ok(nodes <= maxShapeNodes && depth <= maxShapeDepth && keys <= maxShapeKeys);
  }));
});

Deno.test("shapeOf() bounds wide and deep answers, and looks at a large one's beginning only", () => {
  let deep: Json = 1;
  for (let i = 0; i < 60; i++) deep = { inner: deep };
  const row = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [
    `${"abcdefghij"[i % 10]}_${"k".repeat(1 + i / 10)}`,
    { a: i, b: "x", c: i % 2 === 0 ? null : { d: true } },
  ]));
  const long = [...Array.from({ length: 5_000 }, () => 1), "end"];

  strictEqual(measure(shapeOf(deep)).depth, maxShapeDepth);
  ok(measure(shapeOf([row, { ...row, e: 1 }])).nodes <= maxShapeNodes);
  deepStrictEqual(shapeOf(long), { plain: [], items: number });
});

Deno.test("shapeOf() holds no text of an answer's values", () => {
  const secret = fc.stringMatching(/^[a-z]{6,12}$/).map((word) => `§${word}`);
  const key = fc.stringMatching(/^[a-z]{1,5}$/);
  const { answer } = fc.letrec<{ answer: Json }>((tie) => ({
    answer: fc.oneof(
      { maxDepth: 4 },
      secret,
      fc.array(tie("answer"), { maxLength: 4 }),
      fc.dictionary(key, tie("answer"), { maxKeys: 6, noNullPrototype: true }),
    ),
  }));
  fc.assert(fc.property(answer, answer, (a, b) => {
    strictEqual(JSON.stringify(mergeShapes(shapeOf(a), shapeOf(b))).includes("§"), false);
  }));
});

function answers(): fc.Arbitrary<Json> {
  const key = fc.oneof(fc.constantFrom("id", "name", "a", "b", "c"), fc.string({ maxLength: 4 }));
  return fc.letrec<{ answer: Json }>((tie) => ({
    answer: fc.oneof(
      { maxDepth: 8 },
      fc.constantFrom<Json>(1, "x", true, null),
      fc.array(tie("answer"), { maxLength: 4 }),
      fc.dictionary(key, tie("answer"), { maxKeys: 12, noNullPrototype: true }),
    ),
  })).answer;
}

function measure(shape: AnswerShape): { nodes: number; depth: number; keys: number } {
  const { items, values, fields = [] } = shape;
  const parts = [items, values, ...fields.map((field) => field.shape)]
    .filter((part) => part !== undefined).map(measure);
  return {
    nodes: 1 + parts.reduce((sum, { nodes }) => sum + nodes, 0),
    depth: parts.length === 0 ? 0 : 1 + Math.max(...parts.map(({ depth }) => depth)),
    keys: Math.max(fields.length, ...parts.map(({ keys }) => keys)),
  };
}
