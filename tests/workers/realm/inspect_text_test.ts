import { deepStrictEqual, strictEqual } from "assert";
import fc from "fast-check";
import vm from "node:vm";
import {
  cutName,
  indentText,
  keyText,
  layOut,
  primitiveText,
  quoteText,
} from "../../../workers/realm/inspect_text.ts";

Deno.test("quoteText() writes what reads back as the same text", () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
      fc.constantFrom(..."\"'\\\n\u2028\ud800`"),
    ),
  });
  fc.assert(fc.property(text, (value) => {
    strictEqual(vm.runInThisContext(quoteText(value)), value);
  }));
});

Deno.test("quoteText() says how much of a long text is missing", () => {
  strictEqual(quoteText("x".repeat(10_050)), `"${"x".repeat(10_000)}"... 50 more characters`);
});

Deno.test("keyText() quotes what is no identifier", () => {
  deepStrictEqual(["a$_1", "1a", "a-b", "", Symbol("s")].map(keyText), [
    "a$_1",
    '"1a"',
    '"a-b"',
    '""',
    "Symbol(s)",
  ]);
});

Deno.test("cutName() keeps a made-up name short and on one line", () => {
  deepStrictEqual([cutName("a\nb"), cutName("x".repeat(1_000)).length], ["a\\nb", 128]);
});

Deno.test("primitiveText() shows minus zero and big integers", () => {
  deepStrictEqual([-0, 0, 1n, undefined, Symbol("a\n")].map(primitiveText), [
    "-0",
    "0",
    "1n",
    "undefined",
    "Symbol(a\\n)",
  ]);
});

Deno.test("layOut() puts on one line what fits there", () => {
  const body = { prefix: "Foo", brackets: "{}" as const, entries: ["a: 1", "b: 2"] };

  deepStrictEqual([
    layOut(body, 0),
    layOut({ ...body, entries: [] }, 0),
    layOut({ ...body, entries: [], standsAlone: true }, 0),
    layOut({ ...body, entries: ["a: 1\n2"] }, 0),
    layOut({ ...body, entries: ["x".repeat(70)] }, 1),
  ], [
    "Foo { a: 1, b: 2 }",
    "Foo {}",
    "Foo",
    "Foo {\n  a: 1\n  2\n}",
    `Foo {\n  ${"x".repeat(70)}\n}`,
  ]);
});

Deno.test("indentText() moves every line but the first", () => {
  deepStrictEqual([indentText("a\nb\n\nc", "  "), indentText("a", "  ")], ["a\n  b\n  \n  c", "a"]);
});
