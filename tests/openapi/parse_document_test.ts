import { deepStrictEqual, strictEqual, throws } from "assert";
import fc from "fast-check";
import { parseDocument } from "../../src/openapi/parse_document.ts";
import { UpstreamError } from "../../src/servers/upstream_error.ts";
import { petstore31 } from "./fixtures/documents.ts";

Deno.test("parseDocument() reads JSON and YAML, and tells the versions apart", () => {
  strictEqual(parseDocument('\ufeff {"openapi":"3.0.3"}').dialect, "3.0");
  const { root, dialect } = parseDocument(petstore31);
  strictEqual(dialect, "3.1");
  deepStrictEqual(Object.keys(root), ["openapi", "info", "servers", "paths", "components"]);
});

Deno.test("parseDocument() says what is wrong and quotes nothing of it", () => {
  const cases: [string, string][] = [
    ['{"openapi": hunter2', "its document is not JSON"],
    ["a: [hunter2", "its document is not YAML"],
    ["[1]", "its document is not an object"],
    ["hunter2", "its document is not an object"],
    ['{"swagger":"2.0"}', "its document is Swagger 2, not OpenAPI 3.0 or 3.1"],
    ["openapi: 4.0.0", "its document is no known version, not OpenAPI 3.0 or 3.1"],
  ];
  for (const [text, message] of cases) throws(() => parseDocument(text), { message });
});

Deno.test("parseDocument() survives YAML that repeats itself", () => {
  const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
  for (const [name, before] of ["ba", "cb", "dc", "ed", "fe", "gf", "hg"]) {
    bomb.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(", ")}]`);
  }
  throws(() => parseDocument(bomb.join("\n")), UpstreamError);
  throws(() => parseDocument("openapi: 3.1.0\nx: &x { self: *x }"), UpstreamError);
  throws(() => parseDocument("[".repeat(10_000)), UpstreamError);
  throws(() => parseDocument(`a: ${"[".repeat(10_000)}`), UpstreamError);
});

Deno.test("parseDocument() takes the last of several keys, in YAML as in JSON", () => {
  deepStrictEqual(parseDocument("openapi: 3.1.0\na: 1\na: 2").root, { openapi: "3.1.0", a: 2 });
  deepStrictEqual(parseDocument('{"openapi":"3.1.0","a":1,"a":2}').root, {
    openapi: "3.1.0",
    a: 2,
  });
});

Deno.test("parseDocument() throws nothing but its own error", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    try {
      parseDocument(text);
    } catch (error) {
      strictEqual(error instanceof UpstreamError, true);
    }
  }));
});
