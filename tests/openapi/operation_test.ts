import { deepStrictEqual, strictEqual, throws } from "assert";
import type { ListedTool } from "../../src/catalog/tool.ts";
import { Credentials } from "../../src/openapi/credentials.ts";
import { LocalRefs } from "../../src/openapi/local_refs.ts";
import { type Operation, readOperation } from "../../src/openapi/operation.ts";
import type { Part } from "../../src/openapi/part.ts";
import { SchemaLibrary } from "../../src/openapi/schema_library.ts";

Deno.test("readOperation() describes an operation in its own words, cleaned and bounded", () => {
  const { tool } = read({
    summary: "Do \u200bit",
    description: `Slowly.${"x".repeat(5_000)}`,
    deprecated: true,
  });

  strictEqual(tool.title, "Do it");
  strictEqual(tool.description?.startsWith("Do it\n\nSlowly.xxx"), true);
  strictEqual(tool.description?.endsWith("… (5028 characters)\n\nPOST /do/{id}"), true);
  strictEqual(read({}).tool.description, "POST /do/{id}");
  strictEqual(
    read({ summary: "a", description: "a b", deprecated: true }).tool.description,
    "a b\n\nDeprecated.\n\nPOST /do/{id}",
  );
});

Deno.test("readOperation() takes what the path says for all its operations", () => {
  const { tool, operation } = read({}, { summary: "All", servers: [{ url: "/v2" }] });

  strictEqual(tool.title, "All");
  strictEqual(operation.base.href, "https://api.example.com/v2");
  deepStrictEqual(operation.parameters.map(({ argument }) => argument), ["id"]);
});

Deno.test("readOperation() refuses what lacks a credential, unless the operation needs none", () => {
  const root = { security: [{ key: [] }] };

  throws(() => read({}, {}, root), { kind: "needs_auth" });
  strictEqual(read({ security: [] }, {}, root).operation.method, "POST");
});

Deno.test("readOperation() sends no body with a method that has none", () => {
  const requestBody = { required: true, content: { "application/xml": {} } };

  deepStrictEqual(read({ requestBody }, {}, {}, "GET").operation.bodyPlace, { kind: "none" });
  throws(() => read({ requestBody }), { kind: "refused" });
});

function read(
  operation: Part,
  item: Part = {},
  root: Part = {},
  method = "POST",
): { tool: ListedTool; operation: Operation } {
  const refs = new LocalRefs(root);
  const parameters = [{ name: "id", in: "path" }, { name: "stray", in: "path" }];
  return readOperation(
    "it",
    { method, path: "/do/{id}", item: { parameters, ...item }, operation },
    {
      root,
      refs,
      credentials: new Credentials(root, refs, { headers: {} }),
      base: new URL("https://api.example.com/v1"),
      baseChosenBy: "configured",
      inputs: new SchemaLibrary({ dialect: "3.1" }, refs, "readOnly"),
      outputs: new SchemaLibrary({ dialect: "3.1" }, refs, "writeOnly"),
    },
  );
}
