import { deepStrictEqual, strictEqual } from "assert";
import { Secrets } from "../../src/servers/secrets.ts";
import { httpConfig, stdioConfig } from "../mcp/fixtures/upstream_fixtures.ts";

Deno.test("Secrets.hide() replaces the longest secret and leaves short values", () => {
  const secrets = new Secrets(["hunter2-hunter2", "hunter2-hunter2-long", "short", "a.c$(d)[e"]);

  strictEqual(secrets.hide("hunter2-hunter2-long short a.c$(d)[e"), "[secret] short [secret]");
});

Deno.test("Secrets.hideIn() reaches keys and nested strings, and keeps __proto__ a plain key", () => {
  const secrets = new Secrets(["12345678"]);
  const value = JSON.parse('{"__proto__":["x 12345678"],"a 12345678":1,"n":12345678}');

  const hidden = JSON.stringify(secrets.hideIn(value));

  strictEqual(hidden, '{"__proto__":["x [secret]"],"a [secret]":1,"n":12345678}');
});

Deno.test("Secrets.of() knows the env of a process, and the headers and URL of a web server", () => {
  const process = Secrets.of(stdioConfig("a", [], { env: { TOKEN: "env-secret-1" } }));
  const web = Secrets.of(
    httpConfig("http://u:url-secret-1@x/?key=url-secret-2", {
      headers: { Authorization: "Bearer header-secret-1" },
    }),
  );

  strictEqual(process.hide("env-secret-1"), "[secret]");
  deepStrictEqual(
    ["url-secret-1", "url-secret-2", "header-secret-1", "Bearer header-secret-1"]
      .map((text) => web.hide(text)),
    ["[secret]", "[secret]", "[secret]", "[secret]"],
  );
});

Deno.test("Secrets.of() knows the headers and URLs of an OpenAPI document", () => {
  const secrets = Secrets.of({
    name: "api",
    document: "https://x/api.json?token=document-secret",
    baseUrl: "https://x/?key=base-url-secret",
    headers: { "X-Key": "header-secret" },
  });

  strictEqual(
    secrets.hide("document-secret base-url-secret header-secret"),
    "[secret] [secret] [secret]",
  );
});

Deno.test("Secrets.learn() hides what came later too, the latest 32 of it", () => {
  const secrets = new Secrets(["configured-one"]);

  secrets.learn(Array.from({ length: 32 }, (_, index) => `earlier-${10 + index}`));
  secrets.learn(["latest-token"]);

  strictEqual(
    secrets.hide("configured-one latest-token earlier-10 earlier-41"),
    "[secret] [secret] [secret] earlier-41",
  );
});
