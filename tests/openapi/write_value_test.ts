import { deepStrictEqual, strictEqual } from "assert";
import fc from "fast-check";
import type { Style } from "../../src/openapi/parameters.ts";
import { writePairs, writeValue } from "../../src/openapi/write_value.ts";

const encode = encodeURIComponent;
const list = ["blue", "b/k"];
const object = { R: 100, "a,b": "=" };

Deno.test("writeValue() writes paths and headers in the styles of the specification", () => {
  const cases: [Style, boolean, string, string, string][] = [
    ["simple", false, "blue", "blue,b%2Fk", "R,100,a%2Cb,%3D"],
    ["simple", true, "blue", "blue,b%2Fk", "R=100,a%2Cb=%3D"],
    ["label", false, ".blue", ".blue,b%2Fk", ".R,100,a%2Cb,%3D"],
    ["label", true, ".blue", ".blue.b%2Fk", ".R=100.a%2Cb=%3D"],
    ["matrix", false, ";c=blue", ";c=blue,b%2Fk", ";c=R,100,a%2Cb,%3D"],
    ["matrix", true, ";c=blue", ";c=blue;c=b%2Fk", ";R=100;a%2Cb=%3D"],
  ];
  for (const [style, explode, ...written] of cases) {
    const form = { style, explode, encode };
    deepStrictEqual(["blue", list, object].map((value) => writeValue("c", value, form)), written);
  }
});

Deno.test("writePairs() writes queries in the styles of the specification", () => {
  const cases: [Style, boolean, string, string, string][] = [
    ["form", true, "c=blue", "c=blue&c=b%2Fk", "R=100&a%2Cb=%3D"],
    ["form", false, "c=blue", "c=blue,b%2Fk", "c=R,100,a%2Cb,%3D"],
    ["spaceDelimited", false, "c=blue", "c=blue%20b%2Fk", "c=R%20100%20a%2Cb%20%3D"],
    ["pipeDelimited", false, "c=blue", "c=blue%7Cb%2Fk", "c=R%7C100%7Ca%2Cb%7C%3D"],
    ["deepObject", true, "c=blue", "c=blue&c=b%2Fk", "c%5BR%5D=100&c%5Ba%2Cb%5D=%3D"],
  ];
  for (const [style, explode, ...written] of cases) {
    const form = { style, explode, encode };
    const texts = ["blue", list, object].map((value) =>
      writePairs("c", value, form).map((pair) => pair.join("=")).join("&")
    );
    deepStrictEqual(texts, written);
  }
});

Deno.test("writePairs() writes what is nested, as deep objects and else as JSON", () => {
  const nested = { a: { b: [1, { c: null }] } };
  const form = { style: "form", explode: true, encode: (text: string) => text } as const;

  deepStrictEqual(writePairs("f", nested, { ...form, style: "deepObject" }), [
    ["f[a][b]", "1"],
    ["f[a][b][c]", "null"],
  ]);
  deepStrictEqual(writePairs("f", nested, form), [["a", '{"b":[1,{"c":null}]}']]);
});

Deno.test("writePairs() lets no text end its place in a query", () => {
  fc.assert(fc.property(fc.string(), fc.string({ minLength: 1 }), (text, name) => {
    const [pair] = writePairs(name, text, { style: "form", explode: true, encode });
    const query = new URLSearchParams(pair.join("="));
    strictEqual(query.get(name), text);
    strictEqual([...query].length, 1);
  }));
});
