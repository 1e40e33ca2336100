/** Puts agents together with what they work with. @module */

import type { Config } from "../config/config.ts";
import { principalOf } from "../grants/principal.ts";
import type { Memory } from "../memory/memory.ts";
import { openModel } from "../model/open_model.ts";
import { type InstructionsDeps, writeInstructions } from "../prompts/instructions.ts";
import { searchText } from "../prompts/search_text.ts";
import type { RunService } from "../runs/run_service.ts";
import type { ToolDirectory } from "../runs/tool_directory.ts";
import type { Schedules } from "../schedules/schedules.ts";
import type { ServerGroup } from "../servers/join_servers.ts";
import { Agents, type AgentsDeps } from "./agents.ts";

/** What {@linkcode openAgents} puts together. */
export interface OpenAgentsDeps {
  kv: Deno.Kv;
  config: Pick<Config, "model" | "keys">;
  runs: RunService;
  tools: Pick<ToolDirectory, "searchFor">;
  servers: Pick<ServerGroup, "states">;
  memory: Pick<Memory, "store">;
  schedules: Schedules;
  /** Other things that agents keep. */
  stores: AgentsDeps["stores"];
}

/** Opens agents; whoever calls this wakes those that have letters. */
export function openAgents(deps: OpenAgentsDeps): Agents {
  const { kv, config, runs, tools, servers, memory, schedules, stores } = deps;
  const catalog: InstructionsDeps = {
    search: (query, options, principal) => tools.searchFor(query, options, principal),
    servers: () => servers.states(),
  };
  return new Agents({
    kv,
    runs,
    model: openModel(config.model),
    principalOf: (name) => principalOf(name, config.keys),
    search: (query, options, principal) => {
      const items = tools.searchFor(
        query,
        { detail: "signatures", limit: 8, ...options },
        principal,
      );
      return Promise.resolve(searchText(items, { query, server: options.server }));
    },
    catalog: (principal) => writeInstructions(catalog, principal),
    schedules,
    stores: [memory.store, schedules, ...stores],
  });
}
