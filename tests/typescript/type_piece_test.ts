import { strictEqual } from "assert";
import {
  intersect,
  listOf,
  literal,
  single,
  type TypePiece,
  unite,
} from "../../src/typescript/type_piece.ts";

const open: TypePiece = { text: "unknown", kind: "open" };
const weak: TypePiece = { text: "{ [key: string]: unknown }", kind: "weak" };
const either = unite([single("A"), single("B"), single("A"), single("never")]);

Deno.test("unite() names each alternative once, and yields to what says nothing", () => {
  strictEqual(either.text, "A | B");
  strictEqual(unite([single("A"), open]).text, "unknown");
  strictEqual(unite([single("never")]).text, "never");
  strictEqual(unite([]).text, "never");
});

Deno.test("intersect() leaves out what says nothing and puts alternatives into parentheses", () => {
  strictEqual(intersect([either, open, weak, single("C")])?.text, "(A | B) & C");
  strictEqual(intersect([open, weak])?.text, weak.text);
  strictEqual(intersect([open, { ...open, text: "unknown /* shortened */" }])?.text.length, 23);
});

Deno.test("listOf() puts what binds less than a list into parentheses", () => {
  strictEqual(listOf(either).text, "(A | B)[]");
  strictEqual(listOf(single("A")).text, "A[]");
});

Deno.test("literal() spells short values and gives up on others", () => {
  strictEqual(literal({ a: [1, null, "x"], "b-c": {} })?.text, '{ a: [1, null, "x"]; "b-c": {} }');
  strictEqual(literal(-1.5)?.text, "-1.5");
  for (const value of [Infinity, "x".repeat(300), [[[[[[1]]]]]]]) {
    strictEqual(literal(value), undefined);
  }
});
