import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import { loadConfig } from "../../src/config/load_config.ts";
import type { LoadConfigOptions } from "../../src/config/load_config.ts";
import type { Config, ServerConfig } from "../../src/config/config.ts";
import { defaultLimits, defaultSandbox } from "../../src/config/defaults.ts";
import { AirlockError } from "../../src/errors/airlock_error.ts";

const shop: ServerConfig = {
  name: "shop",
  transport: "stdio",
  command: "deno",
  args: [],
  env: {},
  era: "legacy",
  connectTimeoutMs: 30_000,
  callTimeoutMs: 300_000,
};

Deno.test("loadConfig() without any file gives the defaults and the embedded servers", async () => {
  await using folder = await tempFolder();

  const config = await load(folder.path, {
    embeddedServers: [shop],
    defaultData: "/checkout/.airlock",
  });

  const expected: Config = {
    servers: [shop],
    disabledServers: [],
    openapi: [],
    listen: { host: "127.0.0.1", port: 8787, hosts: [], origins: [] },
    data: "/checkout/.airlock",
    kv: undefined,
    limits: defaultLimits,
    sandbox: defaultSandbox,
    policy: [],
    privacy: [],
    keys: [],
    model: { baseUrl: undefined, apiKey: undefined, model: undefined, api: undefined },
    signingKey: undefined,
    logLevel: "info",
    file: undefined,
    notes: [],
  };
  deepStrictEqual(config, expected);
});

Deno.test("loadConfig() takes no embedded server where a file was found or named", async () => {
  await using folder = await tempFolder({ "airlock.json": "{}", "a/mcp.json": '{"servers":{}}' });

  const withFile = await load(folder.path, { embeddedServers: [shop] });
  const withServerFile = await load(`${folder.path}/a`, {
    embeddedServers: [shop],
    mcpConfigFiles: ["mcp.json"],
  });

  deepStrictEqual([withFile.servers, withServerFile.servers], [[], []]);
  deepStrictEqual([withFile.file, withFile.data], [
    `${folder.path}/airlock.json`,
    `${folder.path}/.airlock`,
  ]);
});

Deno.test("loadConfig() lets the command line win over environment, file and defaults", async () => {
  await using folder = await tempFolder({
    "airlock.json": '{ "listen": { "host": "file", "port": 1 }, "data": "file" }',
  });
  const environment = { AIRLOCK_HOST: "environment", AIRLOCK_DATA: "environment" };

  const fromFile = await load(folder.path);
  const fromEnvironment = await load(folder.path, { environment });
  const fromLine = await load(folder.path, { environment, host: "line", port: 0, data: "line" });

  const chosen = [fromFile, fromEnvironment, fromLine]
    .map(({ listen, data }) => [listen.host, listen.port, data.replace(folder.path, "")]);
  deepStrictEqual(chosen, [["file", 1, "/file"], ["environment", 1, "/environment"], [
    "line",
    0,
    "/line",
  ]]);
});

Deno.test("loadConfig() finds the file that was named, on the command line before the environment", async () => {
  await using folder = await tempFolder({
    "airlock.json": '{ "data": "/usual" }',
    "etc/a.json": '{ "data": "a" } // relative to its own folder',
    "etc/b.json": '{ "data": "b" }',
  });
  const environment = { AIRLOCK_CONFIG: "etc/b.json" };

  const byEnvironment = await load(folder.path, { environment });
  const byLine = await load(folder.path, { environment, configFile: "etc/a.json" });

  strictEqual(byEnvironment.data, `${folder.path}/etc/b`);
  strictEqual(byLine.data, `${folder.path}/etc/a`);
  await rejects(load(folder.path, { configFile: "none.json" }), {
    code: "invalid_config",
    message: `Cannot read "${folder.path}/none.json": there is no such file`,
  });
});

Deno.test("loadConfig() takes settings in place of a file, and an undefined one as none", async () => {
  await using folder = await tempFolder({ "airlock.json": "not read" });

  const config = await load(folder.path, {
    settings: { limits: { calls: 3, timeoutMs: undefined }, mcpServers: undefined },
    embeddedServers: [shop],
  });

  deepStrictEqual(config.limits, { ...defaultLimits, calls: 3 });
  deepStrictEqual([config.servers, config.file], [[], undefined]);
});

Deno.test("loadConfig() merges the files of editors in order", async () => {
  await using folder = await tempFolder({
    "airlock.json": '{ "mcpServers": { "a": { "command": "own" } } }',
    "desktop.json":
      '{ "mcpServers": { "a": { "command": "one" }, "b": { "command": "b" } }, "theme": 1 }',
    ".vscode/mcp.json": '{ "inputs": [], "servers": { "a": { "command": "two", }, } }',
  });

  const config = await load(folder.path, { mcpConfigFiles: ["desktop.json", ".vscode/mcp.json"] });

  const commands = config.servers.map((server) =>
    "command" in server && [server.name, server.command]
  );
  deepStrictEqual(commands, [["b", "b"], ["a", "two"]]);
  deepStrictEqual(config.notes.map(({ path }) => path), [
    "desktop.json",
    "desktop.json: mcpServers.a",
    "mcp.json: servers.a",
  ]);
});

Deno.test("loadConfig() collects all that is wrong in one error", async () => {
  await using folder = await tempFolder({
    "airlock.json": JSON.stringify({
      limits: { cals: 1 },
      keys: [{ name: "ci", secret: "${env:AIRLOCK_KEY_CI}" }],
    }),
  });

  const error = await errorOf(load(folder.path, {
    environment: { AIRLOCK_LOG: "loud" },
    port: 70_000,
  }));

  strictEqual(
    error.message,
    `Cannot use configuration "${folder.path}/airlock.json": ` +
      "AIRLOCK_LOG must be debug, info, warn or error, and 2 more",
  );
  deepStrictEqual(error.issues, [
    { path: "AIRLOCK_LOG", message: "must be debug, info, warn or error" },
    { path: "limits.cals", message: 'is not a known key; nearest is "calls"' },
    { path: "--port", message: "must be a whole number from 0 to 65535" },
  ]);
});

Deno.test("loadConfig() names the path and the variable of a key without its secret", async () => {
  const error = await errorOf(load("/", {
    settings: { keys: [{ name: "ci", secret: "${env:AIRLOCK_KEY_CI}" }] },
  }));

  deepStrictEqual(error.issues, [
    { path: "keys[0].secret", message: 'variable "AIRLOCK_KEY_CI" is not set' },
  ]);
});

Deno.test("loadConfig() leaves a model field out whose variable is not set, and takes it from OPENAI_*", async () => {
  const model = { baseUrl: "${env:URL}", apiKey: "${env:KEY}", model: "m", api: "chat" };
  const settings = { model };

  const without = await load("/", { settings });
  const from = await load("/", {
    settings,
    environment: { KEY: "file", OPENAI_API_KEY: "own", OPENAI_BASE_URL: "https://x/v1" },
  });

  deepStrictEqual(without.model, {
    baseUrl: undefined,
    apiKey: undefined,
    model: "m",
    api: "chat",
  });
  deepStrictEqual(from.model, { baseUrl: "https://x/v1", apiKey: "own", model: "m", api: "chat" });
  await rejects(load("/", { settings, environment: { URL: "file:///etc" } }), {
    code: "invalid_config",
  });
});

Deno.test("loadConfig() expands kv, and takes AIRLOCK_KV before it", async () => {
  const settings = { kv: "${KV}" };

  const expanded = await load("/", { settings, environment: { KV: "https://kv.example" } });
  const named = await load("/", { settings, environment: { AIRLOCK_KV: ":memory:", KV: "x" } });

  deepStrictEqual([expanded.kv, named.kv], ["https://kv.example", ":memory:"]);
  const error = await errorOf(load("/", { settings, environment: { KV: "secret-place" } }));
  deepStrictEqual(error.issues, [
    { path: "kv", message: 'must be an http or https URL, or ":memory:"' },
  ]);
});

Deno.test("loadConfig() finds bad conditions and patterns at the start", async () => {
  const error = await errorOf(load("/", {
    settings: {
      policy: [{ tool: "a", effect: "ask" }, { tool: "a", effect: "ask", when: "???" }],
      privacy: [{ tool: "crm.*", patterns: ["email", "emial"] }],
    },
    checkWhen: (text) => text === "???" ? "is not a condition" : undefined,
    checkPattern: (text) => text === "email" ? undefined : "is not a pattern",
  }));

  deepStrictEqual(error.issues, [
    { path: "policy[1].when", message: "is not a condition" },
    { path: "privacy[0].patterns[1]", message: "is not a pattern" },
  ]);
});

Deno.test("loadConfig() shows no secret in its errors and notes", async () => {
  const secret = "hunter2-hunter2-hunter2";
  const environment = { SECRET: secret, AIRLOCK_API_KEY: `${secret} ${secret}` };
  const settings = {
    mcpServers: {
      a: { url: "ftp://${SECRET}/", headers: { "X-A": "${SECRET}\n" }, "${SECRET}": 1 },
    },
    keys: [{ name: "a", secret: "${SECRET}" }, { name: "a", secret: "${SECRET}" }],
    model: { baseUrl: "${SECRET}" },
    kv: "${SECRET}",
  };

  const error = await errorOf(load("/", { settings, environment }));

  strictEqual(error.issues.length, 5);
  ok(!JSON.stringify([error.message, error.issues]).includes(secret));
});

function load(cwd: string, options: LoadConfigOptions = {}): Promise<Config> {
  return loadConfig({ cwd, environment: {}, ...options });
}

async function errorOf(work: Promise<Config>): Promise<AirlockError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AirlockError && error.code === "invalid_config") return error;
    throw error;
  }
  throw new TypeError("The configuration was taken");
}

async function tempFolder(files: Record<string, string> = {}) {
  const path = await Deno.realPath(await Deno.makeTempDir());
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(new URL(`file://${path}/${name}/..`).pathname, { recursive: true });
    await Deno.writeTextFile(`${path}/${name}`, text);
  }
  return {
    path,
    async [Symbol.asyncDispose]() {
      await Deno.remove(path, { recursive: true });
    },
  };
}
