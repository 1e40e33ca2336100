import { deepStrictEqual } from "assert";
import { Credentials } from "../../src/openapi/credentials.ts";
import { createInputSchema, type InputSchema } from "../../src/openapi/input_schema.ts";
import { LocalRefs } from "../../src/openapi/local_refs.ts";
import { readParameters } from "../../src/openapi/parameters.ts";
import { readRequestBody } from "../../src/openapi/request_body.ts";
import { SchemaLibrary } from "../../src/openapi/schema_library.ts";

const id = {
  name: "id",
  in: "path",
  required: true,
  schema: { type: "string" },
  description: "Which",
};

Deno.test("createInputSchema() puts parameters and the properties of the body side by side", () => {
  const schema = {
    type: "object",
    properties: { name: { type: "string" }, tag: {} },
    required: ["name"],
  };

  deepStrictEqual(create([id], { required: true, content: { "application/json": { schema } } }), {
    schema: {
      type: "object",
      properties: {
        id: { type: "string", description: "Which" },
        name: { type: "string" },
        tag: {},
      },
      required: ["id", "name"],
      additionalProperties: false,
    },
    body: { kind: "spread" },
  });
});

Deno.test("createInputSchema() lets an optional body be left out, but only as a whole", () => {
  const schema = {
    type: "object",
    properties: { a: {}, b: {} },
    required: ["a"],
    additionalProperties: true,
  };

  deepStrictEqual(create([], { content: { "application/json": { schema } } }).schema, {
    type: "object",
    properties: { a: {}, b: {} },
    additionalProperties: true,
    dependentRequired: { a: ["a"], b: ["a"] },
  });
});

Deno.test("createInputSchema() keeps a body whole that is no plain object, or whose names are taken", () => {
  const bodies = [
    { type: "object", properties: { id: {} } },
    { type: "array" },
    { type: "object" },
    { type: "object", properties: { a: {} }, oneOf: [{ required: ["a"] }] },
    { type: ["object", "null"], properties: { a: {} } },
  ];
  for (const schema of bodies) {
    const { body } = create([id], { content: { "application/json": { schema } } });
    deepStrictEqual(body, { kind: "whole", argument: "body" });
  }
  const taken = { name: "body", in: "query" };
  const { body } = create([taken], { content: { "text/plain": {} } });
  deepStrictEqual(body, { kind: "whole", argument: "request_body" });
});

Deno.test("createInputSchema() asks for files as text in base64", () => {
  const schema = {
    type: "object",
    properties: {
      one: { type: "string", format: "binary", description: "Picture" },
      many: { type: "array", items: { type: "string", format: "binary" } },
    },
  };

  const whole = create([], { content: { "application/octet-stream": {} } }).schema;
  const form = create([], { content: { "multipart/form-data": { schema } } }).schema;

  const shapes = JSON.stringify([whole, form]);
  deepStrictEqual(shapes.match(/"contentEncoding":"base64"/g)?.length, 5);
  deepStrictEqual(shapes.includes('"description":"Picture"'), true);
});

Deno.test("createInputSchema() brings the definitions it refers to", () => {
  const schema = { $ref: "#/components/schemas/Pet" };

  deepStrictEqual(
    create([], { required: true, content: { "application/json": { schema } } }).schema,
    {
      type: "object",
      properties: { parent: { $ref: "#/$defs/Pet" } },
      additionalProperties: false,
      $defs: { Pet: { type: "object", properties: { parent: { $ref: "#/$defs/Pet" } } } },
    },
  );
});

function create(parameters: unknown[], requestBody: unknown): InputSchema {
  const pet = { type: "object", properties: { parent: { $ref: "#/components/schemas/Pet" } } };
  const root = { components: { schemas: { Pet: pet } } };
  const refs = new LocalRefs(root);
  return createInputSchema({
    parameters: readParameters([parameters], refs, new Credentials(root, refs, { headers: {} })),
    body: readRequestBody(requestBody, refs),
    library: new SchemaLibrary({ dialect: "3.1" }, refs, "readOnly"),
    refs,
  });
}
