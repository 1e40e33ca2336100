import { deepStrictEqual, strictEqual } from "assert";
import { awaitServers } from "../../src/servers/await_servers.ts";
import type { ServerState } from "../../src/servers/server_state.ts";

const never = new AbortController().signal;

Deno.test("awaitServers() waits for a server that code names, until it was tried", async () => {
  const { servers, tried, asked } = serversOf({ "my-shop": "connecting", other: "connecting" });
  let isDone = false;

  const waiting = awaitServers("await my_shop.top()", servers, { signal: never })
    .then(() => isDone = true);
  await Promise.resolve();

  deepStrictEqual([isDone, asked], [false, ["my-shop"]]);
  tried.resolve();
  await waiting;
});

Deno.test("awaitServers() does not wait for what is not named, ready, failed or known already", async () => {
  const { servers, asked } = serversOf({
    unnamed: "connecting",
    ready: "ready",
    failed: "failed",
    known: "connecting",
  }, { known: 3 });

  await awaitServers("ready.a(); failed.b(); known.c()", servers, { signal: never });

  deepStrictEqual(asked, []);
});

Deno.test("awaitServers() gives up after its time, and when its signal fires", async () => {
  const { servers, asked } = serversOf({ shop: "connecting" });
  const stop = new AbortController();

  await awaitServers("shop.a()", servers, { signal: never, maxMs: 1 });
  const waiting = awaitServers("shop.a()", servers, { signal: stop.signal });
  stop.abort();
  await waiting;
  await awaitServers("shop.a()", servers, { signal: stop.signal });

  strictEqual(asked.length, 3);
});

function serversOf(
  states: Record<string, ServerState["state"]>,
  tools: Record<string, number> = {},
) {
  const tried = Promise.withResolvers<void>();
  const asked: string[] = [];
  const servers = {
    states: (): ServerState[] =>
      Object.entries(states).map(([name, state]) => ({
        name,
        state,
        transport: "stdio",
        tools: tools[name] ?? 0,
        quarantined: [],
      })),
    attempted: (name: string) => {
      asked.push(name);
      return tried.promise;
    },
  };
  return { servers, tried, asked };
}
