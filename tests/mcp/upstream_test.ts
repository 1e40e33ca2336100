import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import type { ServerConfig } from "../../src/config/config.ts";
import { invokeCall } from "../../src/mcp/invoke_call.ts";
import { Upstream } from "../../src/mcp/upstream.ts";
import type { UpstreamOptions } from "../../src/mcp/upstream.ts";
import { UpstreamError } from "../../src/servers/upstream_error.ts";
import {
  environment,
  FakeCatalog,
  httpConfig,
  isRunning,
  oddConfig,
  signal,
  stdioConfig,
} from "./fixtures/upstream_fixtures.ts";
import { serveByHand, serveOld } from "./fixtures/web_servers.ts";

Deno.test("Upstream brings its tools into the catalog and tells how it stands", async () => {
  const { upstream, catalog } = create(oddConfig("bad_tools"));
  await using _ = upstream;

  await upstream.start();

  const { quarantined, ...state } = upstream.state;
  deepStrictEqual(state, {
    name: "odd",
    state: "ready",
    transport: "stdio",
    era: "2025-06-18",
    tools: 5,
  });
  strictEqual(quarantined.length, 7);
  strictEqual(catalog.names("odd").length, 5);
});

Deno.test("Upstream gives one clear reason where a command does not exist", async () => {
  const { upstream } = create(stdioConfig("fs", [], { command: "foo" }));
  await using _ = upstream;

  await upstream.start();

  strictEqual(upstream.state.state, "failed");
  strictEqual(upstream.state.reason, 'Cannot start "fs": command "foo" not found');
});

Deno.test("Upstream hides secrets in the last words of a server that does not start", async () => {
  const config = oddConfig("dies_at_start", { env: { TOKEN: "hunter2-hunter2" } });
  const { upstream } = create(config, { maxFailures: 1 });
  await using _ = upstream;

  await upstream.start();

  strictEqual(
    upstream.state.reason,
    'Cannot start "odd": it exited with code 3: no configuration: token [secret]',
  );
});

Deno.test("Upstream gives up on a server that does not answer in time", async () => {
  const { upstream } = create(oddConfig("hangs", { connectTimeoutMs: 150 }), { maxFailures: 1 });
  await using _ = upstream;

  await upstream.start();

  strictEqual(upstream.state.state, "failed");
  ok(/^Cannot start "odd": no answer/.test(upstream.state.reason ?? ""));
});

Deno.test("Upstream starts a dying server five times, and again when it is asked to", async () => {
  const { upstream, catalog } = create(oddConfig("dies_listed"));
  await using _ = upstream;

  await upstream.start();
  await untilGivenUp(upstream);
  strictEqual(catalog.changes, 5);
  strictEqual(upstream.state.reason, 'Cannot start "odd": it exited with code 9');
  deepStrictEqual(catalog.names("odd"), ["a"]);

  await upstream.reconnect();
  await untilGivenUp(upstream);
  strictEqual(catalog.changes, 10);
});

Deno.test("Upstream counts anew after a connection that lasted", async () => {
  let now = 0;
  const { upstream, catalog } = create(oddConfig("dies_listed"), {
    maxFailures: 2,
    // The first two connections last a minute, the third no time at all.
    now: () => catalog.changes < 3 ? now += 60_000 : now,
  });
  await using _ = upstream;

  await upstream.start();
  await untilGivenUp(upstream);

  strictEqual(catalog.changes, 3);
});

Deno.test("Upstream reads the tools again when the server says that they changed", async () => {
  const { upstream, catalog } = create(oddConfig("changing"));
  await using _ = upstream;
  await upstream.start();

  for (const name of ["one", "two", "three"]) {
    await invokeCall(upstream, catalog.call("odd", "add", { name }), { signal });
  }
  await catalog.until((catalog) => catalog.names("odd").length === 4);

  deepStrictEqual(catalog.names("odd"), ["add", "one", "two", "three"]);
  strictEqual(upstream.state.tools, 4);
});

Deno.test("Upstream comes back by itself when a web server does", async () => {
  const first = serveByHand(() => new Response());
  await first[Symbol.asyncDispose]();
  const { upstream, catalog } = create(httpConfig(first.url));
  await using _ = upstream;
  await upstream.start();
  strictEqual(upstream.state.reason, 'Cannot connect to "web": connection refused');

  await using second = serveOld(first.port);
  await catalog.until((catalog) => catalog.names("web").includes("greet"));

  strictEqual(second.port, first.port);
  strictEqual(upstream.state.state, "ready");
});

Deno.test("Upstream.connected() waits for the first connection, and no longer than the signal", async () => {
  const { upstream } = create(oddConfig("hangs"));
  await using _ = upstream;
  const started = upstream.start();
  const stop = new AbortController();

  const waiting = upstream.connected(stop.signal);
  stop.abort();

  await rejects(waiting, (error) => error instanceof UpstreamError && error.kind === "unsent");
  strictEqual(upstream.state.state, "connecting");
  await upstream[Symbol.asyncDispose]();
  await started;
});

Deno.test("Upstream.reconnect() lets go of a start that hangs", async () => {
  const { upstream } = create(oddConfig("hangs", { connectTimeoutMs: 300 }), { maxFailures: 1 });
  await using _ = upstream;
  const started = upstream.start();

  await Promise.all([upstream.reconnect(), upstream.reconnect()]);

  await started;
  strictEqual(upstream.state.state, "failed");
});

Deno.test("Upstream leaves no process behind, not even one that ignores signals", async () => {
  const { upstream, catalog } = create(oddConfig("stubborn"));
  await upstream.start();
  const pids = await invokeCall(upstream, catalog.call("odd", "pids"), { signal });
  deepStrictEqual(Array.isArray(pids) && pids.map((pid) => isRunning(Number(pid))), [true, true]);

  await upstream[Symbol.asyncDispose]();

  deepStrictEqual(Array.isArray(pids) && pids.map((pid) => isRunning(Number(pid))), [false, false]);
  strictEqual(upstream.state.state, "failed");
});

Deno.test("Upstream does not start again once it was disposed of", async () => {
  const { upstream, catalog } = create(oddConfig("plain"));
  await upstream.start();
  await upstream[Symbol.asyncDispose]();

  await upstream.reconnect();

  strictEqual(upstream.state.reason, 'Cannot start "odd": it was stopped');
  strictEqual(catalog.changes, 1);
});

function create(
  config: ServerConfig,
  options: UpstreamOptions = {},
): { upstream: Upstream; catalog: FakeCatalog } {
  const catalog = new FakeCatalog();
  const deps = { catalog, environment };
  return { upstream: new Upstream(config, deps, { firstRetryMs: 1, ...options }), catalog };
}

/** Follows the connections until there will be no other. */
async function untilGivenUp(upstream: Upstream): Promise<void> {
  for (;;) {
    try {
      const connection = await upstream.connected(signal);
      await connection.ended;
    } catch (error) {
      ok(error instanceof UpstreamError);
      return;
    }
  }
}
