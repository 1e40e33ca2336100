import { deepStrictEqual, strictEqual, throws } from "assert";
import { LocalRefs } from "../../src/openapi/local_refs.ts";
import { readRequestBody } from "../../src/openapi/request_body.ts";

const refs = new LocalRefs({});

Deno.test("readRequestBody() chooses what can be written best", () => {
  const choices: [string[], string | undefined, string | undefined][] = [
    [
      ["text/plain", "multipart/form-data", "application/json; charset=utf-8"],
      "json",
      "application/json",
    ],
    [["application/xml", "application/vnd.api+json"], "json", "application/vnd.api+json"],
    [["*/*"], "json", "application/json"],
    [
      ["text/plain", "application/x-www-form-urlencoded"],
      "form",
      "application/x-www-form-urlencoded",
    ],
    [["text/*"], "text", "text/plain"],
    [["image/*"], "binary", "application/octet-stream"],
    [["application/pdf"], "binary", "application/pdf"],
    [["application/xml"], undefined, undefined],
    [[], undefined, undefined],
  ];
  for (const [types, kind, contentType] of choices) {
    const content = Object.fromEntries(types.map((type) => [type, {}]));
    const body = readRequestBody({ content }, refs);
    deepStrictEqual([body?.kind, body?.contentType], [kind, contentType]);
  }
});

Deno.test("readRequestBody() refuses a body that must be there and cannot", () => {
  throws(() => readRequestBody({ required: true, content: { "application/xml": {} } }, refs), {
    message: 'its body can only be "application/xml"',
  });
  throws(() => readRequestBody({ $ref: "other.yaml#/body" }, refs), {
    message: "its body is in another document",
  });
  strictEqual(readRequestBody(undefined, refs), undefined);
});

Deno.test("readRequestBody() tells files, JSON and styles of form fields apart", () => {
  const schema = {
    properties: {
      file: { type: "string", format: "binary" },
      files: { type: "array", items: { contentMediaType: "image/png" } },
      meta: { type: "object" },
      filter: { type: "object" },
      note: { type: "string" },
    },
  };
  const encoding = {
    filter: { style: "deepObject", explode: true },
    file: { contentType: "image/png, image/jpeg" },
  };

  const body = readRequestBody({ content: { "multipart/form-data": { schema, encoding } } }, refs);

  deepStrictEqual(
    [...body?.fields ?? []].map((
      [name, { kind, style, contentType }],
    ) => [name, kind, style, contentType]),
    [
      ["file", "file", "form", "image/png"],
      ["files", "file", "form", undefined],
      ["meta", "json", "form", undefined],
      ["filter", "value", "deepObject", undefined],
      ["note", "value", "form", undefined],
    ],
  );
});
