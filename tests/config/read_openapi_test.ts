import { deepStrictEqual } from "assert";
import { readOpenApi } from "../../src/config/read_openapi.ts";
import type { Issue } from "../../src/errors/airlock_error.ts";

const variables = { environment: { GH: "s3cret" }, folder: "/project" };

Deno.test("readOpenApi() finds files beside the configuration and leaves URLs alone", () => {
  const documents = ["api.json", "../api.json", "https://x/api.json", "file:///etc/api.json"];
  const settings = Object.fromEntries(
    documents.map((document, index) => [`d${index}`, { document, headers: {} }]),
  );

  const { openapi } = readOpenApi(settings, variables, [], []);

  deepStrictEqual(openapi.map(({ document }) => document), [
    "/project/api.json",
    "/api.json",
    "https://x/api.json",
    "/etc/api.json",
  ]);
});

Deno.test("readOpenApi() disables a document for what its variables lack", () => {
  const found = readOpenApi(
    {
      github: {
        document: "a.json",
        baseUrl: "https://api.example",
        headers: { Authorization: "Bearer ${env:GH}" },
      },
      unset: { document: "a.json", headers: { Authorization: "Bearer ${env:NONE}" } },
      wrong: { document: "a.json", baseUrl: "file:///etc", headers: {} },
    },
    variables,
    [],
    [],
  );

  deepStrictEqual(found.openapi, [{
    name: "github",
    document: "/project/a.json",
    baseUrl: "https://api.example",
    headers: { Authorization: "Bearer s3cret" },
  }]);
  deepStrictEqual(found.disabledServers.map(({ reason }) => reason), [
    'Cannot use server "unset": variable "NONE" is not set',
    'Cannot use server "wrong": its baseUrl is not one of http or https',
  ]);
});

Deno.test("readOpenApi() refuses a name that an MCP server has", () => {
  const issues: Issue[] = [];

  readOpenApi({ shop: { document: "a.json", headers: {} } }, variables, ["shop"], issues);

  deepStrictEqual(issues, [{ path: "openapi.shop", message: "an MCP server has the same name" }]);
});
