import { deepStrictEqual, strictEqual } from "assert";
import { LocalRefs } from "../../src/openapi/local_refs.ts";
import { type AnswerPlan, readAnswers } from "../../src/openapi/output_schema.ts";
import { SchemaLibrary } from "../../src/openapi/schema_library.ts";

const json = (type: string) => ({ content: { "application/json": { schema: { type } } } });

Deno.test("readAnswers() takes the type of JSON answers, of several and of none too", () => {
  deepStrictEqual(read({ "200": json("object"), "404": json("array") }).schema, { type: "object" });
  deepStrictEqual(read({ "200": json("object"), "201": json("array"), "204": {} }).schema, {
    anyOf: [{ type: "object" }, { type: "array" }, { type: "null" }],
  });
  strictEqual(read({ "204": {} }).schema, undefined);
  strictEqual(read({ default: json("object") }).schema, undefined);
  strictEqual(
    read({ "200": json("object"), "206": { content: { "image/png": {} } } }).schema,
    undefined,
  );
  strictEqual(read({ "200": { $ref: "other.yaml#/x" } }).schema, undefined);
});

Deno.test("readAnswers() asks for JSON first, and for no type that no header can hold", () => {
  const content = { "text/csv": {}, "application/vnd.x+json": {}, "x\r\ny": {} };

  strictEqual(read({ "200": { content } }).accept, "application/vnd.x+json, text/csv, */*;q=0.1");
  strictEqual(read({}).accept, "application/json, */*;q=0.1");
});

function read(responses: unknown): AnswerPlan {
  const refs = new LocalRefs({});
  return readAnswers({ responses }, new SchemaLibrary({ dialect: "3.1" }, refs, "writeOnly"), refs);
}
