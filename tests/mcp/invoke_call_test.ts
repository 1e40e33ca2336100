import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import type { ServerConfig } from "../../src/config/config.ts";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import type { InvokeOptions, SignedCall } from "../../src/grants/signed_call.ts";
import { invokeCall } from "../../src/mcp/invoke_call.ts";
import { Upstream } from "../../src/mcp/upstream.ts";
import type { Json } from "../../src/protocol/json.ts";
import {
  environment,
  FakeCatalog,
  httpConfig,
  oddConfig,
  signal,
  stdioConfig,
} from "./fixtures/upstream_fixtures.ts";
import { serveByHand, serveOld } from "./fixtures/web_servers.ts";

const shop = new URL("../../examples/shop_server.ts", import.meta.url).pathname;

Deno.test("invokeCall() gives the plain value and hides the server's secrets in it", async () => {
  await using server = await open(oddConfig("environment", { env: { TOKEN: "hunter2-hunter2" } }));

  const value = await server.invoke("show");

  deepStrictEqual(value, { ...environment, TOKEN: "[secret]" });
});

Deno.test("invokeCall() throws the tool's own words, clean and without secrets", async () => {
  await using server = await open(oddConfig("environment", { env: { TOKEN: "hunter2-hunter2" } }));

  const error = await server.refusal("fail");

  strictEqual(error.code, "tool_failed");
  deepStrictEqual(JSON.parse(error.message), { ...environment, TOKEN: "[secret]" });
});

Deno.test("invokeCall() does not know what became of a write when the server died", async () => {
  await using server = await open(oddConfig("dies"));

  const error = await server.refusal("write");

  strictEqual(error.code, "outcome_unknown");
  strictEqual(
    error.message,
    'Cannot tell whether "odd.write" was done: it exited with code 7: out of coffee',
  );
});

Deno.test("invokeCall() reads once more when the server died and came back", async () => {
  const file = await Deno.makeTempFile();
  try {
    await using server = await open(oddConfig("dies", {}, file));

    strictEqual(await server.invoke("read"), "alive");
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("invokeCall() reads no more than twice", async () => {
  await using server = await open(oddConfig("dies"));

  const error = await server.refusal("read");

  deepStrictEqual(
    [error.code, error.message],
    ["tool_failed", 'Cannot call "odd.read": it exited with code 7: out of coffee'],
  );
});

Deno.test("invokeCall() loses only the call whose answer is too large or broken", async () => {
  await using server = await open(oddConfig("huge"));

  const outcomes = await Promise.all([
    server.refusal("big").then(({ message }) => message),
    server.refusal("broken").then(({ message }) => message),
    server.invoke("small"),
  ]);

  deepStrictEqual(outcomes, [
    'Cannot call "odd.big": its answer is larger than 16777216 bytes',
    'Cannot call "odd.broken": its answer is not valid JSON',
    "small",
  ]);
  strictEqual(server.upstream.state.state, "ready");
});

Deno.test("invokeCall() reports progress and cancels upstream", async () => {
  await using server = await open(stdioConfig("shop", ["run", "--no-check", shop]));
  const stop = new AbortController();
  const seen: unknown[] = [];
  const onProgress = (...report: unknown[]): void => {
    seen.push(report);
    stop.abort();
  };
  const slow = server.call("slow_report", { ms: 200 });

  const error = await server.refusalOf(slow, { signal: stop.signal, onProgress });

  strictEqual(error.code, "cancelled");
  deepStrictEqual(seen[0], [1, 10, "Page 1 of 10"]);
  deepStrictEqual(await server.invoke("flaky"), { ok: true });
});

Deno.test("invokeCall() does not know what became of a write that was cancelled", async () => {
  const stop = new AbortController();
  await using web = serveByHand(() => {
    stop.abort();
    return new Response(new ReadableStream(), { headers: { "content-type": "text/event-stream" } });
  });
  await using server = await open(httpConfig(web.url));

  const error = await server.refusalOf(server.call("go"), { signal: stop.signal });

  deepStrictEqual(
    [error.code, error.message],
    ["outcome_unknown", 'Cannot tell whether "web.go" was done: it was cancelled'],
  );
});

Deno.test("invokeCall() sends nothing when the signal has fired before", async () => {
  let calls = 0;
  await using web = serveByHand((id) => Response.json({ jsonrpc: "2.0", id, result: calls++ }));
  await using server = await open(httpConfig(web.url));

  const error = await server.refusalOf(server.call("go"), { signal: AbortSignal.abort() });

  deepStrictEqual([error.code, calls], ["cancelled", 0]);
});

Deno.test("invokeCall() opens a new session where the old one is lost", async () => {
  await using web = serveOld();
  await using server = await open(httpConfig(web.url));
  web.forget();

  strictEqual(await server.invoke("greet", { name: "you" }), "hello you");
});

Deno.test("invokeCall() tells apart what was not done and what may have been, over HTTP", async () => {
  const codes: Record<string, Response> = {
    broken: new Response("data: \n\n", { headers: { "content-type": "text/event-stream" } }),
    refused: new Response("not allowed", { status: 403 }),
    down: new Response("gateway", { status: 502 }),
    huge: new Response("x".repeat(17 * 1024 * 1024), {
      headers: { "content-type": "application/json" },
    }),
  };

  for (const [name, response] of Object.entries(codes)) {
    await using web = serveByHand(() => response);
    await using server = await open(httpConfig(web.url));
    const { code, message } = await server.refusal("go");
    deepStrictEqual([name, code, message], [name, ...expected[name]]);
  }
});

Deno.test("invokeCall() fails when the server went away and does not come back", async () => {
  const web = serveByHand(() => new Response());
  await using server = await open(httpConfig(web.url));
  await web[Symbol.asyncDispose]();

  const error = await server.refusal("go");

  strictEqual(error.code, "tool_failed");
  ok(error.message.endsWith("connection refused"));
});

Deno.test("invokeCall() fails where a login is wanted, and the state says so", async () => {
  await using web = serveByHand(() => new Response("", { status: 401 }));
  await using server = await open(httpConfig(web.url));

  const error = await server.refusal("go");

  strictEqual(
    error.message,
    'Cannot call "web.go": it wants a login',
  );
  await rejects(server.upstream.connected(signal));
  strictEqual(server.upstream.state.state, "needs_auth");
});

const expected: Record<string, [string, string]> = {
  broken: [
    "outcome_unknown",
    'Cannot tell whether "web.go" was done: the connection broke before the answer',
  ],
  refused: ["tool_failed", 'Cannot call "web.go": HTTP status 403: not allowed'],
  down: ["outcome_unknown", 'Cannot tell whether "web.go" was done: HTTP status 502: gateway'],
  huge: ["tool_failed", 'Cannot call "web.go": its answer is larger than 16777216 bytes'],
};

interface OpenServer extends AsyncDisposable {
  readonly upstream: Upstream;
  call(tool: string, args?: Record<string, Json>): SignedCall;
  invoke(tool: string, args?: Record<string, Json>): Promise<Json>;
  refusal(tool: string): Promise<AirlockError>;
  refusalOf(call: SignedCall, options: InvokeOptions): Promise<AirlockError>;
}

async function open(config: ServerConfig): Promise<OpenServer> {
  const catalog = new FakeCatalog();
  const upstream = new Upstream(config, { catalog, environment }, { firstRetryMs: 1 });
  await upstream.start();
  const call = (tool: string, args: Record<string, Json> = {}): SignedCall =>
    catalog.call(config.name, tool, args);
  const refusalOf = async (call: SignedCall, options: InvokeOptions): Promise<AirlockError> => {
    const error: unknown = await invokeCall(upstream, call, options).catch((error) => error);
    ok(error instanceof AirlockError);
    return error;
  };
  return {
    upstream,
    call,
    invoke: (tool, args) => invokeCall(upstream, call(tool, args), { signal }),
    refusal: (tool) => refusalOf(call(tool), { signal }),
    refusalOf,
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  };
}
