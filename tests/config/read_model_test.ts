import { deepStrictEqual } from "assert";
import { readModel } from "../../src/config/read_model.ts";
import type { SettingsContext } from "../../src/config/expand_setting.ts";

Deno.test("readModel() lets the environment win, field by field, and expands the rest", () => {
  const context = contextOf({ KEY: "s3cret" });

  const model = readModel(
    { baseUrl: "http://file", apiKey: "${env:KEY}", model: "from-file", api: "chat" },
    { model: "from-environment" },
    context,
  );

  deepStrictEqual(model, {
    baseUrl: "http://file",
    apiKey: "s3cret",
    model: "from-environment",
    api: "chat",
  });
  deepStrictEqual([context.issues, context.notes], [[], []]);
});

Deno.test("readModel() leaves a field out whose variable is not set, and only notes it", () => {
  const context = contextOf({});

  const model = readModel({ apiKey: "${KEY}", model: "${NAME:-}" }, {}, context);

  deepStrictEqual(model, {
    baseUrl: undefined,
    apiKey: undefined,
    model: undefined,
    api: undefined,
  });
  deepStrictEqual(context.issues, []);
  deepStrictEqual(context.notes, [{
    path: "model.apiKey",
    message: 'variable "KEY" is not set',
  }]);
});

Deno.test("readModel() refuses an address that is not of HTTP, wherever it comes from, unquoted", () => {
  const issues = [{ path: "model.baseUrl", message: "must be an http or https URL" }];
  const [fromFile, fromEnvironment] = [contextOf({}), contextOf({})];

  readModel({ baseUrl: "file:///etc/passwd" }, {}, fromFile);
  readModel({ baseUrl: "http://fine" }, { baseUrl: "s3cret" }, fromEnvironment);

  deepStrictEqual([fromFile.issues, fromEnvironment.issues], [issues, issues]);
});

function contextOf(environment: Record<string, string>): SettingsContext {
  return { variables: { environment, folder: "/w" }, issues: [], notes: [] };
}
