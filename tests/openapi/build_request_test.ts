import { deepStrictEqual, ok, strictEqual, throws } from "assert";
import fc from "fast-check";
import type { ToolArguments } from "../../src/grants/signed_call.ts";
import { buildRequest } from "../../src/openapi/build_request.ts";
import type { RequestPlan } from "../../src/openapi/follow_redirects.ts";
import { listOperations } from "../../src/openapi/list_operations.ts";
import type { Part } from "../../src/openapi/part.ts";
import { documentOf } from "./fixtures/documents.ts";

const files = [{ name: "owner", in: "path" }, { name: "file", in: "path" }];

Deno.test("buildRequest() fills path, query, headers and cookies", () => {
  const parameters = [
    ...files,
    { name: "tags", in: "query", explode: false },
    { name: "filter", in: "query", style: "deepObject" },
    { name: "where", in: "query", content: { "application/json": {} } },
    { name: "raw", in: "query", allowReserved: true },
    { name: "X-Page", in: "header" },
    { name: "theme", in: "cookie" },
  ];

  const { url, headers, method, body } = build(parameters, {
    owner: "a/b",
    file: "c d?",
    tags: ["x", "y&z"],
    filter: { a: 1 },
    where: { b: [2] },
    raw: "a/b?c&d=e#f",
    "X-Page": [1, 2],
    theme: "dark;sid=1",
  });

  strictEqual(
    url.href,
    "https://api.example.com/v1/x/a%2Fb/c%20d%3F?key=k&tags=x,y%26z&filter%5Ba%5D=1" +
      "&where=%7B%22b%22%3A%5B2%5D%7D&raw=a/b?c%26d%3De%23f",
  );
  deepStrictEqual([method, body], ["GET", undefined]);
  deepStrictEqual([headers.get("x-page"), headers.get("cookie")], [
    "1,2",
    "sid=s; theme=dark%3Bsid%3D1",
  ]);
});

Deno.test("buildRequest() lets no argument leave its place in the path", () => {
  for (const file of ["..", ".", "", null]) {
    throws(() => build(files, { owner: "o", file }), { code: "invalid_arguments" });
  }
  throws(() => build(files, { owner: "o" }), {
    message: 'Cannot send argument "file": it is missing',
  });
  fc.assert(fc.property(fc.string({ unit: "binary", minLength: 1 }), (file) => {
    fc.pre(!/^\.{1,2}$/.test(file));
    const { url } = build(files, { owner: "o", file });
    const segments = url.pathname.split("/");
    deepStrictEqual([url.origin, segments.length], ["https://api.example.com", 5]);
    strictEqual(decodeURIComponent(segments[4]), file.toWellFormed());
    deepStrictEqual([url.search, url.hash], ["?key=k", ""]);
  }));
});

Deno.test("buildRequest() lets no argument stand in for what is configured", () => {
  const spread = [...files, { name: "any", in: "query" }, { name: "crumbs", in: "cookie" }];
  const where = { owner: "o", file: "f" };

  throws(() => build(spread, { ...where, any: { key: "mine" } }), { code: "invalid_arguments" });
  throws(() => build(spread, { ...where, crumbs: { sid: "mine" } }), { code: "invalid_arguments" });
  ok(build(spread, { ...where, any: { other: 1 }, crumbs: { other: 1 } }));
  const names = [...files, { name: "Authorization", in: "header" }, { name: "key", in: "query" }];
  const { url, headers } = build(names, { ...where, Authorization: "mine", key: "mine" });
  deepStrictEqual([url.search, headers.get("authorization")], ["?key=k", "Bearer secret"]);
});

Deno.test("buildRequest() refuses what no header can hold", () => {
  const parameters = [...files, { name: "X-Page", in: "header" }];
  for (const page of ["a\r\nb", "日本"]) {
    throws(() => build(parameters, { owner: "o", file: "f", "X-Page": page }), {
      code: "invalid_arguments",
    });
  }
});

Deno.test("buildRequest() makes the body of what is no parameter", () => {
  const schema = { type: "object", properties: { title: {}, owner2: {} } };
  const requestBody = { content: { "application/json": { schema } } };

  const written = build(files, { owner: "o", file: "f", title: "t" }, { requestBody });
  const none = build(files, { owner: "o", file: "f" }, { requestBody });

  deepStrictEqual([written.method, written.body], ["POST", '{"title":"t"}']);
  strictEqual(written.headers.get("content-type"), "application/json");
  deepStrictEqual([none.body, none.headers.get("content-type")], [undefined, null]);
});

function build(parameters: unknown[], args: ToolArguments, more: Part = {}): RequestPlan {
  const method = more.requestBody === undefined ? "get" : "post";
  const operation = { operationId: "it", parameters, ...more };
  const root = documentOf({ "/x/{owner}/{file}": { [method]: operation } });
  const headers = { Authorization: "Bearer secret", Cookie: "sid=s" };
  const baseUrl = "https://api.example.com/v1/?key=k";
  const config = { name: "test", document: "test.json", baseUrl, headers };
  const { operations, quarantined } = listOperations({ root, dialect: "3.1" }, config);
  deepStrictEqual(quarantined, []);
  const found = operations.get("it");
  ok(found);
  return buildRequest(found, args, headers);
}
