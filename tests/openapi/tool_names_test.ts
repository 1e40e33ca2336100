import { deepStrictEqual, ok, strictEqual } from "assert";
import fc from "fast-check";
import { identifierOf } from "../../src/catalog/names.ts";
import { nameTools } from "../../src/openapi/tool_names.ts";

Deno.test("nameTools() takes operation ids, and method and path where there is none of its own", () => {
  deepStrictEqual(nameTools([op("issues/list"), op("dup"), op("dup", "/b"), op(7), op("🐶")]), [
    "issues_list",
    "get_a_id",
    "get_b",
    ...names(7, "🐶"),
  ]);
});

Deno.test("nameTools() tells apart what differs only in signs, in any order", () => {
  const there = nameTools([op("a/b"), op("a-b"), op("a_b")]);
  const back = nameTools([op("a_b"), op("a-b"), op("a/b")]).reverse();

  deepStrictEqual(there, back);
  strictEqual(new Set(there).size, 3);
});

Deno.test("nameTools() gives short identifiers, each once", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.string({ unit: "binary" })), (ids) => {
    const named = nameTools(ids.map((id, i) => op(id, `/p${i}`)));

    strictEqual(new Set(named).size, named.length);
    ok(named.every((name) => name === identifierOf(name)));
  }));
  ok(nameTools([op("x".repeat(4000)), op("x".repeat(3999))]).every((name) => name.length <= 128));
});

function names(...ids: unknown[]): string[] {
  return nameTools(ids.map((id) => op(id)));
}

function op(operationId: unknown, path = "/a/{id}") {
  return { method: "GET", path, item: {}, operation: { operationId } };
}
