/** Several kinds of servers of tools as one. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import type { InvokeTool } from "../grants/signed_call.ts";
import type { ServerState } from "./server_state.ts";

/** Servers of one kind. Their names are those of the configuration, and do not change. */
export interface ServerGroup {
  /** Begins to connect them all at once. Never throws. */
  start(): void;
  /** Resolves when each is past its first attempt. */
  ready(): Promise<void>;
  /** Resolves when one is past the attempt to connect that is under way. */
  attempted(name: string): Promise<void>;
  /** How they stand. */
  states(): ServerState[];
  /** Connects one anew; gives the state it came to. */
  reconnect(name: string): Promise<ServerState>;
  /** Begins a login; gives the page to open. @default {none of them has a login} */
  login?(name: string): Promise<{ url: string }>;
  /** Makes a call on the server that the grant names. */
  readonly invoke: InvokeTool;
}

/** Makes one group of several. What no group knows, the first one answers for. */
export function joinServers(first: ServerGroup, ...others: ServerGroup[]): Required<ServerGroup> {
  const groups = [first, ...others];
  const byName = new Map(
    groups.flatMap((group) => group.states().map(({ name }) => [name, group] as const)),
  );
  const groupOf = (name: string) => byName.get(name) ?? first;
  return {
    start: () => groups.forEach((group) => group.start()),
    ready: async () => void await Promise.all(groups.map((group) => group.ready())),
    attempted: (name) => groupOf(name).attempted(name),
    states: () => groups.flatMap((group) => group.states()),
    reconnect: (name) => groupOf(name).reconnect(name),
    login: async (name) => {
      const group = groupOf(name);
      if (group.login !== undefined) return await group.login(name);
      const state = "it takes its credentials from the configuration";
      throw new AirlockError("conflict", `Cannot log in to "${name}": ${state}`);
    },
    invoke: async (call, options) => await groupOf(call.grant.tool.server).invoke(call, options),
  };
}
