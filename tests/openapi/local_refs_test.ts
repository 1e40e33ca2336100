import { deepStrictEqual, strictEqual } from "assert";
import { LocalRefs } from "../../src/openapi/local_refs.ts";

Deno.test("LocalRefs.find() follows pointers with escapes, and only within the document", () => {
  const refs = new LocalRefs({ paths: { "/a/{b}": { get: 1 } }, "a~b": [{ x: 2 }], "100%": 3 });

  strictEqual(refs.find("#/paths/~1a~1%7Bb%7D/get"), 1);
  strictEqual(refs.find("#/a~0b/0/x"), 2);
  strictEqual(refs.find("#/100%"), 3);
  for (
    const ref of [
      "#",
      "#/nowhere",
      "#/constructor",
      "#/paths/__proto__",
      "other.json#/a",
      "https://x/#/paths",
    ]
  ) {
    strictEqual(refs.find(ref), undefined);
  }
});

Deno.test("LocalRefs.follow() goes on to the end of a chain, and out of no circle", () => {
  const refs = new LocalRefs({
    a: { $ref: "#/b" },
    b: { $ref: "#/c" },
    c: { name: "c" },
    x: { $ref: "#/y" },
    y: { $ref: "#/x" },
  });

  deepStrictEqual(refs.follow({ $ref: "#/a" }), { name: "c" });
  deepStrictEqual(refs.follow({ plain: 1 }), { plain: 1 });
  strictEqual(refs.follow({ $ref: "#/x" }), undefined);
  strictEqual(refs.follow("text"), undefined);
});
