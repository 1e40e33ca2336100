import { deepStrictEqual, strictEqual } from "assert";
import type { ServerGroup } from "../../src/servers/join_servers.ts";
import { reportChanges } from "../../src/servers/report_changes.ts";
import type { ServerState } from "../../src/servers/server_state.ts";

Deno.test("reportChanges() adds the changes of a server's tools to its state, where there are any", async () => {
  const state = (name: string): ServerState => (
    { name, state: "ready", transport: "stdio", tools: 1, quarantined: [] }
  );
  const group: Required<ServerGroup> = {
    start: () => {},
    ready: () => Promise.resolve(),
    attempted: () => Promise.resolve(),
    states: () => [state("a"), state("b")],
    reconnect: (name) => Promise.resolve(state(name)),
    login: () => Promise.resolve({ url: "" }),
    invoke: () => Promise.resolve(null),
  };
  const changes = [{ at: "2026-01-02T03:04:05.678Z", kind: "removed" as const, tool: "t" }];

  const reported = reportChanges(group, (name) => name === "a" ? changes : []);

  deepStrictEqual(reported.states(), [{ ...state("a"), changes }, state("b")]);
  deepStrictEqual(await reported.reconnect("a"), { ...state("a"), changes });
  strictEqual(reported.invoke, group.invoke);
});
