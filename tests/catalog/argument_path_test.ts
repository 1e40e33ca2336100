import { deepStrictEqual, strictEqual } from "assert";
import { joinPath, pathOf, pointerSteps, valueAt } from "../../src/catalog/argument_path.ts";

Deno.test("pathOf() writes a pointer as code would", () => {
  const args = { list: [{ "a b": 1 }], map: { "0": 2 } };
  strictEqual(pathOf("#", args), "");
  strictEqual(pathOf("#/list/0/a%20b", args), 'list[0]["a b"]');
  strictEqual(pathOf("#/map/0", args), 'map["0"]');
});

Deno.test("valueAt() finds own values only", () => {
  const args = { list: [{ a: 1 }] };
  strictEqual(valueAt("#/list/0/a", args), 1);
  deepStrictEqual(["#/toString", "#/list/length/x", "#/list/9/a"].map((at) => valueAt(at, args)), [
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("pointerSteps() undoes the escapes of a pointer", () => {
  deepStrictEqual(pointerSteps("#/a~1b/%23c/~01"), ["a/b", "#c", "~1"]);
});

Deno.test("joinPath() quotes and shortens what is no identifier", () => {
  strictEqual(joinPath("a", "b"), "a.b");
  strictEqual(joinPath("", "b-c"), '["b-c"]');
  strictEqual(joinPath("a", "-".repeat(500)).length, 105);
});
