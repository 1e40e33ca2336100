import { deepStrictEqual, ok, strictEqual } from "assert";
import fc from "fast-check";
import { Catalog } from "../../src/catalog/catalog.ts";
import type { OpenApiConfig } from "../../src/config/config.ts";
import { listOperations, type OperationListing } from "../../src/openapi/list_operations.ts";
import { parseDocument } from "../../src/openapi/parse_document.ts";
import type { Part } from "../../src/openapi/part.ts";
import { UpstreamError } from "../../src/servers/upstream_error.ts";
import { declareApi } from "../../src/typescript/declare_tools.ts";
import { documentOf, petstore30, petstore31 } from "./fixtures/documents.ts";

Deno.test("listOperations() makes typed tools of a document in version 3.0", () => {
  const { tools, quarantined } = list(petstore30);

  deepStrictEqual(quarantined, []);
  deepStrictEqual(tools.map(({ name, annotations }) => [name, annotations]), [
    ["listPets", { readOnlyHint: true, idempotentHint: true, openWorldHint: true }],
    ["createPet", { openWorldHint: true }],
    ["getPet", { readOnlyHint: true, idempotentHint: true, openWorldHint: true }],
    ["deletePet", { destructiveHint: true, idempotentHint: true, openWorldHint: true }],
  ]);
  deepStrictEqual(tools[0].description, "List all pets\n\nGET /pets");
  deepStrictEqual(tools[1].inputSchema, {
    type: "object",
    properties: {
      name: { type: "string" },
      tag: { type: ["string", "null"] },
      parent: { $ref: "#/$defs/Pet" },
      secret: { type: "string" },
    },
    required: ["name"],
    additionalProperties: false,
    $defs: {
      Pet: {
        type: "object",
        properties: {
          name: { type: "string" },
          tag: { type: ["string", "null"] },
          parent: { $ref: "#/$defs/Pet" },
          secret: { type: "string" },
        },
        required: ["name"],
      },
    },
  });
});

Deno.test("listOperations() makes tools whose declarations say what they take and give", () => {
  const catalog = new Catalog();
  catalog.setServer("pets", list(petstore30).tools);
  catalog.setServer("new", list(parseDocument(petstore31).root).tools);

  const api = declareApi(catalog.snapshot().tools);

  for (
    const part of [
      "function createPet(args: { name: string; tag?: string | null;",
      "function deletePet(args: { petId: string }): Promise<any>",
      "tags?: string[];\n  }): Promise<listPets.Pet[]>;",
      "function get_pet(args: { petId: string }): Promise<get_pet.Pet>",
    ]
  ) ok(api.includes(part), part);
});

Deno.test("listOperations() names what it cannot use, and why", () => {
  const get = (more: Part): Part => ({ get: { responses: {}, ...more } });
  const { tools, quarantined, needsAuth } = list(documentOf({
    "/good": get({}),
    "/needs/{id}": get({ operationId: "needs" }),
    "/locked": get({ operationId: "locked", security: [{ key: [] }] }),
    "/far": get({ operationId: "far", parameters: [{ $ref: "other.yaml#/x" }] }),
    "/elsewhere": { $ref: "other.yaml#/paths/x" },
    "/a/../b": get({ operationId: "dots" }),
    "/query?x=1": get({ operationId: "query" }),
    "//evil.example/x": get({ operationId: "host" }),
    "/trace": { trace: {} },
    "/xml": {
      post: {
        operationId: "xml",
        requestBody: { required: true, content: { "application/xml": {} } },
      },
    },
    "x-own": get({}),
  }));

  deepStrictEqual(tools.map(({ name }) => name), ["get_good"]);
  strictEqual(needsAuth, 1);
  deepStrictEqual(Object.fromEntries(quarantined.map(({ tool, reason }) => [tool, reason])), {
    "/elsewhere": "Cannot use the tool: its path is in another document",
    "TRACE /trace": "Cannot use the tool: requests of this method are not sent",
    needs: 'Cannot use the tool: its path needs "id", which is not among its parameters',
    locked: 'Cannot use the tool: it needs "key" (not supported), which is not configured',
    far: "Cannot use the tool: a parameter has no name, or is in another document",
    dots: "Cannot use the tool: its path is not the plain path of a URL",
    query: "Cannot use the tool: its path is not the plain path of a URL",
    host: "Cannot use the tool: its path is not the plain path of a URL",
    xml: 'Cannot use the tool: its body can only be "application/xml"',
  });
});

Deno.test("listOperations() leaves operations to the origin that is configured", () => {
  const servers = [{ url: "https://uploads.example.com" }];
  const document = documentOf({ "/up": { post: { operationId: "up", servers } } });

  strictEqual(list(document).operations.get("up")?.base.href, "https://uploads.example.com/");
  deepStrictEqual(list(document, { baseUrl: "https://api.example.com/v1" }).quarantined, [{
    tool: "up",
    reason: 'Cannot use the tool: its server is not "https://api.example.com"',
  }]);
});

Deno.test("listOperations() takes ten thousand operations and no more", () => {
  const responses = { "200": { $ref: "#/components/responses/Big" } };
  const paths = Object.fromEntries(
    Array.from(
      { length: 10_001 },
      (_, i) => [`/p${i}`, { get: { operationId: `op${i}`, responses } }],
    ),
  );
  const schema = { $ref: "#/components/schemas/Big" };
  const Big = { type: "string", enum: ["x".repeat(100_000)] };

  const { tools, quarantined } = list(documentOf(paths, {
    components: {
      schemas: { Big },
      responses: { Big: { content: { "application/json": { schema } } } },
    },
  }));

  strictEqual(tools.length, 10_000);
  strictEqual(quarantined[0].tool, "(1 further operations)");
  ok(JSON.stringify(tools).length < 40_000_000);
});

Deno.test("listOperations() survives every document", () => {
  const word = fc.constantFrom(
    ..."get post parameters requestBody responses content schema name in path query header $ref servers url"
      .split(" "),
    ..."application/json 200 properties items allOf required type object security operationId"
      .split(" "),
    "#/paths/~1a",
    "#/components/schemas/A",
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "medium" },
      word,
      fc.constantFrom(true, null, 1),
      fc.dictionary(word, tie("tree")),
      fc.array(tie("tree"), { maxLength: 3 }),
    ),
  }));
  fc.assert(fc.property(fc.dictionary(word, tree), tree, tree, (item, schema, security) => {
    const components = { schemas: { A: schema }, securitySchemes: { s: schema } };
    const { tools, quarantined } = list(
      documentOf({ "/a": item, "/b/{name}": item }, { components, security }),
    );
    JSON.stringify([tools, quarantined]);
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("servers", "paths", "components"), tree), (root) => {
      try {
        list(root);
      } catch (error) {
        ok(error instanceof UpstreamError);
      }
    }),
  );
});

function list(root: Part, more: Partial<OpenApiConfig> = {}): OperationListing {
  const dialect = root.openapi === "3.0.3" ? "3.0" : "3.1";
  return listOperations({ root, dialect }, { name: "test", document: "x", headers: {}, ...more });
}
