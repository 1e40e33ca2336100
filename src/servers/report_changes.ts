/** Says of each server what happened to its tools. @module */

import type { ToolChange } from "../catalog/pin_record.ts";
import type { ServerGroup } from "./join_servers.ts";
import type { ServerState } from "./server_state.ts";

/** The same servers; their states tell the changes of their tools, where there are any. */
export function reportChanges(
  group: Required<ServerGroup>,
  changesOf: (server: string) => ToolChange[],
): Required<ServerGroup> {
  const withChanges = (state: ServerState): ServerState => {
    const changes = changesOf(state.name);
    return changes.length === 0 ? state : { ...state, changes };
  };
  return {
    ...group,
    states: () => group.states().map(withChanges),
    reconnect: async (name) => withChanges(await group.reconnect(name)),
  };
}
