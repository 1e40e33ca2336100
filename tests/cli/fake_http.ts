/** The real HTTP surface over fake runs, on a port of this machine. @module */

import { createApp } from "../../src/http/create_app.ts";
import { serveHttp } from "../../src/http/serve.ts";
import { defaultLimits } from "../../src/config/defaults.ts";
import type { HttpDeps } from "../../src/http/http_deps.ts";
import { createMcpHandler } from "../../src/mcp_server/mcp_http.ts";
import type { ServerState } from "../../src/servers/server_state.ts";
import { fakeDeps, FakeRuns } from "../mcp_server/fake_runs.ts";
import { waiting } from "./fakes.ts";

/** What is served, and the token that lets one in. */
export const token = "owner-token-0123456789abcdef";

const shop: ServerState = {
  name: "shop",
  state: "ready",
  transport: "stdio",
  tools: 2,
  quarantined: [],
};

/** The app of an Airlock over fake runs. */
export function fakeApp(overrides: Partial<HttpDeps> = {}): ReturnType<typeof createApp> {
  const mcpDeps = fakeDeps();
  const local = { name: "local", tools: ["*"] };
  return createApp({
    config: {
      limits: { ...defaultLimits },
      keys: [{ name: "default", secret: "a-long-secret-0123456789", tools: ["*"], mode: "code" }],
      policy: [],
      listen: { host: "127.0.0.1", port: 0, hosts: [], origins: [] },
    },
    runs: new FakeRuns(),
    approvals: {
      list: () => Promise.resolve([waiting]),
      decide: (id) => Promise.resolve({ ...waiting, id }),
    },
    tools: {
      search: (query, options) => {
        const items = mcpDeps.search(query, options, local);
        return Array.isArray(items) ? items : [];
      },
      find: () => undefined,
      item: () => {
        throw new TypeError("not used");
      },
      pendingChange: () => undefined,
      accept: () => Promise.resolve(),
      declarations: (globs) => `declare const globs: ${JSON.stringify(globs)};`,
    },
    servers: { states: () => [shop], reconnect: () => Promise.resolve(shop) },
    finishLogin: () => Promise.resolve("shop"),
    jwks: () => ({ keys: [{ kid: "k" }] }),
    readiness: () => ({ ready: true, isolation: { process: "on" } }),
    mcp: createMcpHandler(mcpDeps),
    version: "1.2.3",
    ownerToken: token,
    ...overrides,
  });
}

/** Serves it. */
export function serveFake(
  overrides: Partial<HttpDeps> = {},
): AsyncDisposable & { url: string; token: string; pid: number; version: string } {
  const server = serveHttp(fakeApp(overrides), {
    host: "127.0.0.1",
    port: 0,
    hasKeys: true,
    graceMs: 200,
  });
  return {
    url: server.url,
    token,
    pid: Deno.pid,
    version: "1.2.3",
    [Symbol.asyncDispose]: () => server.close(),
  };
}
