import { deepStrictEqual, rejects, strictEqual } from "assert";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { joinServers, type ServerGroup } from "../../src/servers/join_servers.ts";
import type { ServerState } from "../../src/servers/server_state.ts";
import { signal, signedCall } from "../mcp/fixtures/upstream_fixtures.ts";

Deno.test("joinServers() sends each to the group that its name is in, strangers to the first", async () => {
  const joined = joinServers(groupOf("a", "b"), groupOf("c"));
  const call = (server: string) =>
    joined.invoke(signedCall(server, { name: "it", inputSchema: true }), { signal });

  deepStrictEqual(await Promise.all(["a", "c", "x"].map(call)), ["from a,b", "from c", "from a,b"]);
  strictEqual((await joined.reconnect("c")).reason, "again by c");
  strictEqual((await joined.reconnect("x")).reason, "again by a,b");
});

Deno.test("joinServers() starts, waits for and shows them all", async () => {
  const first = groupOf("a");
  const joined = joinServers(first, groupOf("c"));

  joined.start();
  await joined.ready();

  deepStrictEqual(joined.states().map(({ name, reason }) => [name, reason]), [
    ["a", "started"],
    ["c", "started"],
  ]);
});

Deno.test("joinServers() says where there is no login", async () => {
  const login = (name: string) => Promise.resolve({ url: `https://login.example/${name}` });
  const joined = joinServers({ ...groupOf("a"), login }, groupOf("c"));

  deepStrictEqual(await joined.login("a"), { url: "https://login.example/a" });
  await rejects(joined.login("c"), AirlockError);
});

function groupOf(...names: string[]): ServerGroup {
  let reason = "not started";
  const stateOf = (name: string): ServerState => ({
    name,
    state: "ready",
    reason,
    transport: "http",
    tools: 0,
    quarantined: [],
  });
  return {
    start: () => {
      reason = "started";
    },
    ready: () => Promise.resolve(),
    attempted: () => Promise.resolve(),
    states: () => names.map(stateOf),
    reconnect: (name) => Promise.resolve({ ...stateOf(name), reason: `again by ${names}` }),
    invoke: () => Promise.resolve(`from ${names}`),
  };
}
