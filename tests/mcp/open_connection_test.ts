import { deepStrictEqual, rejects, strictEqual } from "assert";
import type { ServerConfig } from "../../src/config/config.ts";
import { openConnection } from "../../src/mcp/open_connection.ts";
import { UpstreamError } from "../../src/servers/upstream_error.ts";
import {
  environment,
  httpConfig,
  oddConfig,
  signal,
  stdioConfig,
} from "./fixtures/upstream_fixtures.ts";
import { serve, serveByHand, serveModern, serveOld } from "./fixtures/web_servers.ts";

const shop = new URL("../../examples/shop_server.ts", import.meta.url).pathname;

Deno.test("openConnection() speaks the configured era over stdio", async () => {
  const config = (era: ServerConfig["era"]): ServerConfig =>
    stdioConfig("shop", ["run", "--no-check", shop], { era });

  deepStrictEqual(await revisionOf(config("legacy")), ["stdio", "2025-11-25"]);
  deepStrictEqual(await revisionOf(config("auto")), ["stdio", "2026-07-28"]);
  deepStrictEqual(await revisionOf(config("modern")), ["stdio", "2026-07-28"]);
});

Deno.test("openConnection() falls back to 2025 where a server knows nothing newer", async () => {
  deepStrictEqual(await revisionOf(oddConfig("plain", { era: "auto" })), ["stdio", "2025-06-18"]);
  await rejects(revisionOf(oddConfig("plain", { era: "modern" })), UpstreamError);
});

Deno.test("openConnection() speaks both eras over HTTP", async () => {
  await using modern = serveModern();
  await using old = serveOld();

  deepStrictEqual(await revisionOf(httpConfig(modern.url, { era: "auto" })), [
    "http",
    "2026-07-28",
  ]);
  deepStrictEqual(await revisionOf(httpConfig(modern.url)), ["http", "2025-11-25"]);
  deepStrictEqual(await revisionOf(httpConfig(old.url, { era: "auto" })), ["http", "2025-11-25"]);
  await rejects(revisionOf(httpConfig(old.url, { era: "modern" })), UpstreamError);
});

Deno.test("openConnection() sends the configured headers", async () => {
  const seen = new Set<string | null>();
  await using inner = serveByHand(() => new Response(null, { status: 500 }));
  await using server = serve((request) => {
    seen.add(request.headers.get("authorization"));
    return fetch(inner.url, { method: request.method, body: request.body });
  });

  await revisionOf(httpConfig(server.url, { headers: { Authorization: "Bearer abc" } }));

  deepStrictEqual([...seen], ["Bearer abc"]);
});

Deno.test("openConnection() says why it cannot connect", async () => {
  const closed = serve(() => new Response());
  await closed[Symbol.asyncDispose]();
  await using login = serve(() => new Response("no", { status: 401 }));
  await using forbidden = serve(() => new Response("not you", { status: 403 }));
  await using nothing = serve(() => new Response("nothing here", { status: 404 }));

  const reasons = await Promise.all([
    reasonOf(httpConfig(closed.url, { era: "auto" })),
    reasonOf(httpConfig(login.url, { era: "auto" })),
    reasonOf(httpConfig(login.url, { transport: "sse" })),
    reasonOf(httpConfig(forbidden.url)),
    reasonOf(httpConfig(nothing.url, { era: "auto" })),
    reasonOf(httpConfig("file:///etc/passwd")),
    reasonOf(stdioConfig("x", [], { command: "no-such-program" })),
    reasonOf(oddConfig("dies_at_start", { era: "auto" })),
  ]);

  deepStrictEqual(reasons, [
    "unsent: connection refused",
    "needs_auth: it wants a login",
    "needs_auth: it wants a login",
    "refused: HTTP status 403: not you",
    "unsent: HTTP status 404",
    "missing: its url is not an http or https URL",
    'missing: command "no-such-program" not found',
    "lost: it exited with code 3: no configuration: token hunter2-hunter2",
  ]);
});

Deno.test("openConnection() ends an attempt, and its process, when the signal fires", async () => {
  const stop = new AbortController();
  const reason = new UpstreamError("timed_out", "no answer within 1 ms");
  const onNotice = (): void => stop.abort(reason);
  const script = "echo here >&2; cat >/dev/null";
  const config = stdioConfig("hangs", ["-c", script], { command: "sh" });

  const opening = openConnection(config, { environment, signal: stop.signal, onNotice });

  await rejects(opening, reason);
});

async function revisionOf(config: ServerConfig): Promise<[string, string]> {
  const connection = await openConnection(config, { environment, signal });
  await connection.close();
  strictEqual(await connection.ended, "the connection closed");
  return [connection.transport, connection.revision];
}

async function reasonOf(config: ServerConfig): Promise<string> {
  const failure = await revisionOf(config).catch((error: unknown) => error);
  return failure instanceof UpstreamError ? `${failure.kind}: ${failure.message}` : String(failure);
}
