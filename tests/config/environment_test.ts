import { deepStrictEqual, ok, strictEqual } from "assert";
import { parseEnvironment, readEnvironment, variableOf } from "../../src/config/environment.ts";
import type { Issue } from "../../src/errors/airlock_error.ts";

const jwk = JSON.stringify({ kty: "OKP", crv: "Ed25519", d: "d".repeat(43), x: "x".repeat(43) });

Deno.test("parseEnvironment() reads every variable of the documentation", () => {
  const issues: Issue[] = [];

  const settings = parseEnvironment({
    AIRLOCK_CONFIG: "a.json",
    AIRLOCK_HOST: "::1",
    AIRLOCK_PORT: "0",
    AIRLOCK_DATA: "/data",
    AIRLOCK_KV: "https://kv.example/x",
    AIRLOCK_API_KEY: "k".repeat(16),
    AIRLOCK_SIGNING_KEY: jwk,
    AIRLOCK_LOG: "WARNING",
    OPENAI_API_KEY: "sk",
    OPENAI_BASE_URL: "http://127.0.0.1:1/v1",
    OPENAI_MODEL: "gpt",
  }, issues);

  deepStrictEqual(issues, []);
  deepStrictEqual(settings, {
    configFile: "a.json",
    host: "::1",
    port: 0,
    data: "/data",
    kv: "https://kv.example/x",
    apiKey: "k".repeat(16),
    signingKey: jwk,
    logLevel: "warn",
    model: { apiKey: "sk", baseUrl: "http://127.0.0.1:1/v1", model: "gpt" },
  });
});

Deno.test("parseEnvironment() names each wrong variable without its value", () => {
  const issues: Issue[] = [];

  parseEnvironment({
    AIRLOCK_HOST: "not a host",
    AIRLOCK_PORT: "65536",
    AIRLOCK_KV: "/local/file",
    AIRLOCK_SIGNING_KEY: '{"kty":"EC","d":"private"}',
    AIRLOCK_LOG: "loud",
    OPENAI_BASE_URL: "openai",
  }, issues);

  deepStrictEqual(issues, [
    { path: "AIRLOCK_HOST", message: "must be a host name or an address" },
    { path: "AIRLOCK_PORT", message: "must be a whole number from 0 to 65535" },
    { path: "AIRLOCK_KV", message: 'must be an http or https URL, or ":memory:"' },
    {
      path: "AIRLOCK_SIGNING_KEY",
      message: "must be a private Ed25519 key as JWK, in JSON",
    },
    { path: "AIRLOCK_LOG", message: "must be debug, info, warn or error" },
    { path: "OPENAI_BASE_URL", message: "must be an http or https URL" },
  ]);
});

Deno.test("parseEnvironment() refuses a port in any form but digits", () => {
  for (const port of ["-1", "1e3", "0x50", "80 ", "8.0", "NaN"]) {
    const issues: Issue[] = [];
    parseEnvironment({ AIRLOCK_PORT: port }, issues);
    strictEqual(issues.length, 1, port);
  }
});

Deno.test("parseEnvironment() takes an empty variable as one that is not set", () => {
  const issues: Issue[] = [];

  const settings = parseEnvironment({ AIRLOCK_PORT: "", AIRLOCK_API_KEY: "" }, issues);

  deepStrictEqual([settings.port, settings.apiKey, issues], [undefined, undefined, []]);
});

Deno.test("variableOf() finds no variable under the names every object has", () => {
  strictEqual(variableOf({}, "constructor"), undefined);
  ok(variableOf(readEnvironment(), "PATH") !== undefined);
});
