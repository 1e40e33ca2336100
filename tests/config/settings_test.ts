import { deepStrictEqual, strictEqual } from "assert";
import { parseServerFile, parseSettings } from "../../src/config/settings.ts";
import type { Issue } from "../../src/errors/airlock_error.ts";

Deno.test("parseSettings() takes every key of the documentation", () => {
  const issues: Issue[] = [];
  const settings = {
    $schema: "x",
    mcpServers: {},
    servers: {},
    inputs: [],
    openapi: { github: { document: "a.json", baseUrl: "https://x", headers: { A: "b" } } },
    listen: { host: "127.0.0.1", port: 8787, hosts: ["a.example"], origins: ["https://a.example"] },
    data: ".airlock",
    kv: "https://x",
    limits: { timeoutMs: 1, codeBytes: 2 },
    sandbox: { isolation: "worker", warm: 0, maxConcurrent: 1, queue: 0, reuse: 0, fresh: "realm" },
    policy: [{ tool: "a.*", effect: "deny" }, { tool: "b", effect: "ask", when: "x", from: "c" }],
    privacy: [{ tool: "crm.*", fields: ["email"], patterns: ["card"], reveal: ["mail.send"] }],
    keys: [{ name: "ci", secret: "${X}", tools: ["a"], mode: "passthrough" }],
    model: { baseUrl: "${X}", apiKey: "k", model: "m", api: "responses" },
  };

  deepStrictEqual(parseSettings(settings, issues), settings);
  deepStrictEqual(issues, []);
});

Deno.test("parseSettings() names the nearest known key, at any depth", () => {
  const issues = issuesOf({
    limit: {},
    listen: { prot: 1 },
    keys: [{ name: "a", secret: "b", tool: [] }],
    openapi: { x: { document: "d", zzzzzzzzz: 1 } },
  });

  deepStrictEqual(issues, [
    { path: "openapi.x.zzzzzzzzz", message: "is not a known key" },
    { path: "listen.prot", message: 'is not a known key; nearest is "port"' },
    { path: "keys[0].tool", message: 'is not a known key; nearest is "tools"' },
    { path: "limit", message: 'is not a known key; nearest is "limits"' },
  ]);
});

Deno.test("parseSettings() refuses every number that is not a positive whole one in range", () => {
  for (const timeoutMs of [0, -1, 1.5, 1e999, 2 ** 31, "1000", null, true]) {
    strictEqual(issuesOf({ limits: { timeoutMs } })[0]?.path, "limits.timeoutMs");
  }
  for (const port of [-1, 65_536, 1.5, "80"]) {
    strictEqual(issuesOf({ listen: { port } })[0]?.path, "listen.port");
  }
});

Deno.test("parseSettings() says in plain words what is wrong, and repeats no value", () => {
  const issues = issuesOf({
    limits: { calls: 1.5, memoryMb: 0 },
    sandbox: { isolation: "vm" },
    policy: [{ tool: "", effect: "forbid" }, { tool: "x".repeat(257), effect: "deny" }],
    keys: [{ name: "local", secret: "secret-value" }, { name: "a b", secret: 5 }],
    listen: { origins: ["*"], hosts: "x" },
    model: [],
  });

  deepStrictEqual(issues, [
    { path: "listen.hosts", message: "must be a list" },
    { path: "listen.origins[0]", message: 'must be an origin such as "https://example.com"' },
    { path: "limits.memoryMb", message: "must be at least 1" },
    { path: "limits.calls", message: "must be a whole number" },
    { path: "sandbox.isolation", message: 'must be one of "process", "worker"' },
    { path: "policy[0].tool", message: "must be at least 1 characters long" },
    { path: "policy[0].effect", message: 'must be one of "allow", "deny", "ask", "simulate"' },
    { path: "policy[1].tool", message: "must be at most 256 characters long" },
    { path: "keys[0].name", message: 'must not be "local", which is reserved' },
    {
      path: "keys[1].name",
      message: 'must be 1 to 64 letters, digits, "_", "." or "-"',
    },
    { path: "keys[1].secret", message: "must be a string" },
    { path: "model", message: "must be an object" },
  ]);
});

Deno.test("parseSettings() takes nothing but an object", () => {
  deepStrictEqual(issuesOf([]), [{ path: "", message: "must be an object" }]);
  deepStrictEqual(issuesOf({ mcpServers: [] }), [{
    path: "mcpServers",
    message: "must be an object",
  }]);
});

Deno.test("parseServerFile() takes servers only, and names what it ignores", () => {
  const [issues, notes]: Issue[][] = [[], []];
  const others = Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((name) => [name, 1]));

  const settings = parseServerFile(
    { mcpServers: { a: 1 }, $schema: "x", ...others },
    issues,
    notes,
  );

  deepStrictEqual([settings.mcpServers, issues], [{ a: 1 }, []]);
  deepStrictEqual(notes, [{ path: "", message: 'ignored: "a", "b", "c", "d", "e" and 1 more' }]);
});

Deno.test("parseServerFile() refuses a file without servers", () => {
  const issues: Issue[] = [];

  parseServerFile({ mcp: {} }, issues, []);

  deepStrictEqual(issues, [{ path: "", message: 'holds neither "mcpServers" nor "servers"' }]);
});

function issuesOf(value: unknown): Issue[] {
  const issues: Issue[] = [];
  parseSettings(value, issues);
  return issues;
}
