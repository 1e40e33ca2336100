import { deepStrictEqual, ok } from "assert";
import { readKeys } from "../../src/config/read_keys.ts";
import type { SettingsContext } from "../../src/config/expand_setting.ts";
import type { KeyConfig } from "../../src/config/config.ts";

const secret = "0123456789abcdef";

Deno.test("readKeys() expands secrets and adds the key of the environment", () => {
  const context = emptyContext({ CI: secret });

  const keys = readKeys([key("ci", "${env:CI}", ["github.*"])], "x".repeat(16), context);

  deepStrictEqual(keys, [
    key("ci", secret, ["github.*"]),
    key("default", "x".repeat(16), ["*"]),
  ]);
  deepStrictEqual([context.issues, context.notes], [[], []]);
});

Deno.test("readKeys() refuses secrets that are short or cannot be sent, by name of the key", () => {
  const context = emptyContext();

  readKeys(
    [key("a", "0123456789abcde"), key("b", "with space 0123456"), key("c", "ü".repeat(16))],
    "short",
    context,
  );

  deepStrictEqual(context.issues, [
    { path: "keys[0].secret", message: 'the secret of key "a" must have 16 to 4096 characters' },
    {
      path: "keys[1].secret",
      message: 'the secret of key "b" must be printable ASCII without spaces',
    },
    {
      path: "keys[2].secret",
      message: 'the secret of key "c" must be printable ASCII without spaces',
    },
    {
      path: "AIRLOCK_API_KEY",
      message: 'the secret of key "default" must have 16 to 4096 characters',
    },
  ]);
});

Deno.test("readKeys() refuses a name or a secret that two keys have", () => {
  const context = emptyContext();

  readKeys(
    [key("a", secret), key("a", secret.toUpperCase()), key("b", secret)],
    undefined,
    context,
  );

  deepStrictEqual(context.issues, [
    { path: "keys[1].name", message: 'another key is named "a" too' },
    { path: "keys[2].secret", message: 'key "b" has the same secret as key "a"' },
  ]);
});

Deno.test("readKeys() gives the secret of a configured key no more rights by AIRLOCK_API_KEY", () => {
  const context = emptyContext();
  const ci = key("ci", secret, ["github.*"]);

  const keys = readKeys([ci], secret, context);

  deepStrictEqual(keys, [ci]);
  ok(context.notes[0].message.includes("no key is added"));
});

Deno.test("readKeys() lets the environment replace a configured key named default", () => {
  const context = emptyContext();

  const keys = readKeys([key("default", secret, ["a.*"])], "x".repeat(16), context);

  deepStrictEqual(keys, [key("default", "x".repeat(16), ["*"])]);
  deepStrictEqual(context.notes, [
    { path: "AIRLOCK_API_KEY", message: 'replaces the configured key "default"' },
  ]);
});

function key(name: string, secret: string, tools = ["*"]): KeyConfig {
  return { name, secret, tools, mode: "code" };
}

function emptyContext(environment: Record<string, string> = {}): SettingsContext {
  return { variables: { environment, folder: "/" }, issues: [], notes: [] };
}
