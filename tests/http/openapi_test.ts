import { deepStrictEqual, match, strictEqual } from "assert";
import { createApp } from "../../src/http/create_app.ts";
import { describeApi } from "../../src/http/openapi.ts";
import { fakeConfig, fakeDeps } from "./fake_deps.ts";

const config = fakeConfig();

Deno.test("describeApi() has each operation once, with all its path parameters", () => {
  const ids: string[] = [];

  for (const [path, item] of Object.entries(pathsOf(describeApi({ config, version: "1" })))) {
    for (const { operationId, parameters } of Object.values(item)) {
      ids.push(operationId);
      const names = parameters.filter((p) => p.in === "path").map((p) => `{${p.name}}`);
      deepStrictEqual(names, path.match(/\{\w+\}/g) ?? []);
    }
  }

  strictEqual(ids.length, 24);
  strictEqual(new Set(ids).size, ids.length);
});

Deno.test("describeApi() refers only to schemas that it holds", () => {
  const text = JSON.stringify(describeApi({ config, version: "1" }));
  const { components } = JSON.parse(text);

  const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference]) => reference);

  const known = Object.keys(components.schemas).map((name) => `#/components/schemas/${name}`);
  deepStrictEqual(references.filter((reference) => !known.includes(reference)), []);
});

Deno.test("describeApi() states the configured limits as the largest", () => {
  const { limits } = fakeConfig();
  const described = describeApi({
    config: fakeConfig({ limits: { ...limits, calls: 17 } }),
    version: "1",
  });

  match(JSON.stringify(described), /"calls":\{"type":"integer","minimum":1,"maximum":17\}/);
});

Deno.test("openapiRoutes() serves the document with the version", async () => {
  const document = await (await createApp(fakeDeps()).request("/openapi.json")).json();

  deepStrictEqual([document.openapi, document.info.version], ["3.1.0", "0.0.0-test"]);
});

/** The parts of the document that tests read. */
type Paths = Record<
  string,
  Record<string, { operationId: string; parameters: { name: string; in: string }[] }>
>;

function pathsOf(document: Record<string, unknown>): Paths {
  return JSON.parse(JSON.stringify(document.paths));
}
