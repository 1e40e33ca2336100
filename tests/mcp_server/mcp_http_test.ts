import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StreamableHTTPClientTransport as ModernTransport } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { deepStrictEqual, match, ok, rejects, strictEqual } from "assert";
import { localPrincipal } from "../../src/grants/principal.ts";
import { createMcpHandler } from "../../src/mcp_server/mcp_http.ts";
import type { McpServerDeps } from "../../src/mcp_server/mcp_server_deps.ts";
import { fakeDeps, FakeRuns } from "./fake_runs.ts";

Deno.test("createMcpHandler() serves a v1 client", async () => {
  await using server = serve(fakeDeps());
  await using client = await connectOld(server.url);

  const { tools } = await client.listTools();
  const answer = await client.callTool({ name: "execute", arguments: { code: "7" } });

  deepStrictEqual(tools.map(({ name }: { name: string }) => name), ["search", "execute", "wait"]);
  match(JSON.stringify(answer.content), /Run run_1 succeeded/);
  match(client.getInstructions() ?? "", /shop/);
});

for (const mode of ["legacy", "auto"] as const) {
  Deno.test(`createMcpHandler() serves a v2 client in mode ${mode}`, async () => {
    await using server = serve(fakeDeps());
    await using client = await connectModern(server.url, mode);

    const { tools } = await client.listTools();
    const answer = await client.callTool({ name: "execute", arguments: { code: "x" } });

    deepStrictEqual(tools.map(({ name }) => name), ["search", "execute", "wait"]);
    deepStrictEqual(
      client.getNegotiatedProtocolVersion(),
      {
        legacy: "2025-11-25",
        auto: "2026-07-28",
      }[mode],
    );
    strictEqual(answer.isError, false);
    strictEqual(Object(answer.structuredContent).result, "x");
    match(client.getInstructions() ?? "", /COMPLETE/);
  });

  Deno.test(`createMcpHandler() sends progress on the call's own stream in mode ${mode}`, async () => {
    await using server = serve(fakeDeps());
    await using client = await connectModern(server.url, mode);
    const seen: unknown[] = [];

    await client.callTool({ name: "execute", arguments: { code: "steps" } }, {
      onprogress: (progress) => void seen.push(progress),
    });

    deepStrictEqual(seen, [
      { progress: 1, total: 3, message: "one" },
      { progress: 1.000001, message: "shop.a ok" },
      { progress: 3, total: 3 },
    ]);
  });

  Deno.test(`createMcpHandler() cancels the run of a cancelled call in mode ${mode}`, async () => {
    const runs = new FakeRuns();
    await using server = serve(fakeDeps({ runs }));
    await using client = await connectModern(server.url, mode);
    const stop = new AbortController();

    const call = client.callTool({ name: "execute", arguments: { code: "hang" } }, {
      signal: stop.signal,
    });
    const id = await runs.hanging.promise;
    stop.abort();

    await rejects(call);
    strictEqual(await runs.cancelled.promise, id);
  });
}

Deno.test("createMcpHandler() cancels the run of a v1 client's cancelled call", async () => {
  const runs = new FakeRuns();
  await using server = serve(fakeDeps({ runs }));
  await using client = await connectOld(server.url);
  const stop = new AbortController();

  const call = client.callTool({ name: "execute", arguments: { code: "hang" } }, undefined, {
    signal: stop.signal,
  });
  const id = await runs.hanging.promise;
  stop.abort();

  await rejects(call);
  strictEqual(await runs.cancelled.promise, id);
});

Deno.test("createMcpHandler() never lets a client cancel another one's call", async () => {
  const runs = new FakeRuns();
  await using server = serve(fakeDeps({ runs }));
  const stop = new AbortController();
  const open = await post(server.url, call(7, "hang"), { session: "a", signal: stop.signal });
  await runs.hanging.promise;

  const cancelled = { method: "notifications/cancelled", params: { requestId: 7 } };
  const other = await post(server.url, cancelled, { session: "b" });
  await other.text();
  const statusAfterOther = (await runs.report("run_1")).status;
  const own = await post(server.url, cancelled, { session: "a" });
  await own.text();

  strictEqual(other.status, 202);
  strictEqual(statusAfterOther, "running");
  strictEqual(own.status, 202);
  strictEqual(await runs.cancelled.promise, "run_1");
  match(await open.text(), /"status":"cancelled"/);
});

Deno.test("createMcpHandler() cancels the run when the connection is closed", async () => {
  const runs = new FakeRuns();
  await using server = serve(fakeDeps({ runs }));
  const stop = new AbortController();
  const open = await post(server.url, call(1, "hang"), { signal: stop.signal });
  await runs.hanging.promise;

  stop.abort();

  strictEqual(await runs.cancelled.promise, "run_1");
  await rejects(open.text());
});

Deno.test("createMcpHandler() gives a session id to a legacy client without one only", async () => {
  await using server = serve(fakeDeps());

  const first = await post(server.url, call(1, "a"));
  const second = await post(server.url, call(2, "b"), { session: "mine" });
  await Promise.all([first.text(), second.text()]);

  match(first.headers.get("mcp-session-id") ?? "", /^[0-9a-f-]{36}$/);
  strictEqual(second.headers.get("mcp-session-id"), null);
});

Deno.test("createMcpHandler() answers hostile bodies without failing", async () => {
  await using server = serve(fakeDeps());
  const bodies = [
    "",
    "null",
    "{",
    "[]",
    "[".repeat(200_000),
    `{"a":${"[".repeat(50_000)}`,
    "\u0000",
  ];

  for (const body of bodies) {
    const response = await postText(server.url, body);
    const text = await response.text();
    ok(response.status >= 400 && response.status < 500, `${response.status} ${text}`);
  }
});

Deno.test("createMcpHandler() refuses a body over its bound", async () => {
  await using server = serve(fakeDeps());

  const response = await postText(server.url, `"${"x".repeat(9 * 1024 * 1024)}"`);
  await response.body?.cancel();

  strictEqual(response.status, 413);
});

Deno.test("createMcpHandler() runs for the principal it was given", async () => {
  const runs = new FakeRuns();
  const handler = createMcpHandler(fakeDeps({ runs }));
  const body = JSON.stringify({ jsonrpc: "2.0", ...call(1, "x") });

  const response = await handler(
    new Request("http://127.0.0.1/mcp", { method: "POST", headers, body }),
    { name: "ci", tools: ["shop.*"] },
  );
  await response.text();

  deepStrictEqual(runs.principals, ["ci"]);
});

const headers = {
  "content-type": "application/json",
  "accept": "application/json, text/event-stream",
};

function call(id: number, code: string) {
  return { id, method: "tools/call", params: { name: "execute", arguments: { code } } };
}

function post(
  url: URL,
  message: object,
  { session, signal }: { session?: string; signal?: AbortSignal } = {},
): Promise<Response> {
  return postText(url, JSON.stringify({ jsonrpc: "2.0", ...message }), { session, signal });
}

function postText(
  url: URL,
  body: string,
  { session, signal }: { session?: string; signal?: AbortSignal } = {},
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    body,
    signal,
    headers: session === undefined ? headers : { ...headers, "mcp-session-id": session },
  });
}

function serve(deps: McpServerDeps): AsyncDisposable & { url: URL } {
  const handler = createMcpHandler(deps);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => handler(request, localPrincipal),
  );
  return {
    url: new URL(`http://127.0.0.1:${server.addr.port}/mcp`),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function connectOld(url: URL): Promise<OldClient & AsyncDisposable> {
  const client = new OldClient({ name: "test", version: "1" });
  await client.connect(new OldTransport(url));
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

async function connectModern(
  url: URL,
  mode: "legacy" | "auto",
): Promise<ModernClient & AsyncDisposable> {
  const client = new ModernClient({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(new ModernTransport(url));
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}
