import { deepStrictEqual, ok, strictEqual } from "assert";
import fc from "fast-check";
import { readServerEntry } from "../../src/config/server_entry.ts";

const source = { environment: { TOKEN: "s3cret" }, folder: "/project/shop" };
const common = { name: "x", connectTimeoutMs: 30_000, callTimeoutMs: 300_000 };

Deno.test("readServerEntry() reads a program with arguments, environment and folder", async () => {
  const entry = await readServerEntry("x", {
    command: "npx",
    args: ["-y", "${env:TOKEN}", 8080],
    env: { KEY: "${TOKEN}", PORT: 80, DEBUG: true, NONE: null },
    cwd: "sub",
  }, source);

  deepStrictEqual(entry, {
    state: "usable",
    ignored: [],
    server: {
      ...common,
      transport: "stdio",
      era: "legacy",
      command: "npx",
      args: ["-y", "s3cret", "8080"],
      env: { KEY: "s3cret", PORT: "80", DEBUG: "true" },
      cwd: "/project/shop/sub",
    },
  });
});

Deno.test("readServerEntry() knows how each editor names a transport", async () => {
  const url = "https://x.example/mcp";
  const transports = await Promise.all([
    { command: "a" },
    { type: "stdio", command: "a", url },
    { url },
    { type: "http", url },
    { type: "streamable-http", url },
    { type: "streamableHttp", url },
    { type: "SSE", url },
    { type: "ws", url },
    { type: "stdio", url },
  ].map((value) => readServerEntry("x", value, source)));

  deepStrictEqual(
    transports.map((entry) => entry.state === "disabled" ? "" : entry.server.transport),
    ["stdio", "stdio", "http", "http", "http", "http", "sse", "http", "stdio"],
  );
  deepStrictEqual(transports.slice(-2).map(reasonOf), [
    'Cannot use server "x": its type "ws" is not supported',
    'Cannot use server "x": it has no "command"',
  ]);
});

Deno.test("readServerEntry() reads an address with headers and times of its own", async () => {
  const entry = await readServerEntry("x", {
    type: "http",
    url: "https://x.example/mcp",
    headers: { Authorization: "Bearer ${TOKEN}" },
    era: "modern",
    timeout: 60_000,
    connectTimeoutMs: 1_000,
  }, source);

  deepStrictEqual(entry, {
    state: "usable",
    ignored: [],
    server: {
      name: "x",
      transport: "http",
      era: "modern",
      url: "https://x.example/mcp",
      headers: { Authorization: "Bearer s3cret" },
      connectTimeoutMs: 1_000,
      callTimeoutMs: 60_000,
    },
  });
});

Deno.test("readServerEntry() says what is wrong and shows no value", async () => {
  const reasons = await Promise.all([
    "npx",
    { command: 5 },
    {},
    { command: "${NONE}", env: { A: "${input:key}" } },
    { url: "unix:///tmp/server.sock#/mcp?key=s3cret" },
    { url: "https://x", headers: { "X-Key": "s3\r\ncret" } },
    { url: "https://x", headers: { "X Key": "s3cret" } },
    { command: "a", env: { "A=B": "s3cret" } },
    { command: "a", args: ["s3\0cret"] },
    { command: "a", envFile: "${workspaceFolder}/none.env" },
    { command: "a", era: "future" },
    { command: "a", callTimeoutMs: -1 },
  ].map(async (value) => reasonOf(await readServerEntry("x", value, source))));

  deepStrictEqual(reasons.map((reason) => reason.replace('Cannot use server "x": ', "")), [
    "it must be an object",
    "command must be a string",
    'it has no "url" and no "command"',
    'variable "NONE" is not set, input "key" is not set (variable "INPUT_KEY")',
    "its url is not one of http or https",
    'header "X-Key" is not allowed in HTTP',
    'header "X Key" is not allowed in HTTP',
    "a name in its environment is not allowed",
    "it holds a zero character",
    'its envFile "${workspaceFolder}/none.env" cannot be read',
    'era must be one of "auto", "legacy", "modern"',
    "callTimeoutMs must be at least 1",
  ]);
});

Deno.test("readServerEntry() puts an envFile under the entry's own environment", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/.env`, '# keys\nexport A=1\nB="two words"\nC=file\n');

    const entry = await readServerEntry(
      "x",
      { command: "a", envFile: "${workspaceFolder}/.env", env: { C: "entry" } },
      { ...source, folder },
    );

    ok(entry.state === "usable" && "env" in entry.server);
    deepStrictEqual(entry.server.env, { A: "1", B: "two words", C: "entry" });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readServerEntry() leaves a disabled entry unread, and names keys it does not know", async () => {
  const disabled = await readServerEntry("x", { command: "${NONE}", disabled: true }, source);
  const off = await readServerEntry("x", { command: "a", enabled: false }, source);
  const odd = await readServerEntry("x", { command: "a", oauth: {}, constructor: 1 }, source);

  deepStrictEqual([disabled.state, off.state], ["disabled", "disabled"]);
  const mixed = await readServerEntry("x", { url: "https://x", envFile: ".env" }, source);
  deepStrictEqual([odd.state, odd.ignored], ["usable", ["oauth", "constructor"]]);
  deepStrictEqual([mixed.state, mixed.ignored], ["usable", ["envFile"]]);
});

Deno.test("readServerEntry() takes __proto__ for a name like any other", async () => {
  const value = JSON.parse(
    '{"command":"a","env":{"__proto__":"x","B":"b"},"__proto__":{"cwd":"/"}}',
  );

  const entry = await readServerEntry("x", value, source);

  ok(entry.state === "usable" && "env" in entry.server);
  strictEqual(Object.getPrototypeOf(entry.server.env), Object.prototype);
  strictEqual(entry.server.cwd, undefined);
});

Deno.test("readServerEntry() refuses a name that is empty or too long", async () => {
  const long = await readServerEntry("x".repeat(129), { command: "a" }, source);

  strictEqual(
    reasonOf(long),
    `Cannot use server "${"x".repeat(128)}": its name must have 1 to 128 characters`,
  );
  strictEqual((await readServerEntry("", { command: "a" }, source)).state, "unusable");
});

Deno.test("readServerEntry() takes any JSON for an entry without throwing", async () => {
  const known = fc.constantFrom(
    "command",
    "args",
    "env",
    "url",
    "headers",
    "cwd",
    "type",
    "timeout",
  );
  const entry = fc.dictionary(known, fc.jsonValue());
  const property = fc.asyncProperty(fc.oneof(entry, fc.jsonValue()), async (value) => {
    const { state } = await readServerEntry("x", value, source);
    return ["usable", "unusable", "disabled"].includes(state);
  });

  await fc.assert(property, { numRuns: 200 });
});

function reasonOf(entry: Awaited<ReturnType<typeof readServerEntry>>): string {
  return entry.state === "unusable" ? entry.server.reason : entry.state;
}
