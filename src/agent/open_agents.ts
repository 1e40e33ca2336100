/** Puts agents together with what they work with. @module */

import type { Config } from "../config/config.ts";
import { memoryOwner, principalOf } from "../grants/principal.ts";
import { openModel } from "../model/open_model.ts";
import { type InstructionsDeps, writeInstructions } from "../prompts/instructions.ts";
import { searchText } from "../prompts/search_text.ts";
import { visibleLine } from "../prompts/visible_text.ts";
import type { RunService } from "../runs/run_service.ts";
import type { ToolDirectory } from "../runs/tool_directory.ts";
import { splitWords, stemWord } from "../search/words.ts";
import type { SkillItem } from "../skills/skill_store.ts";
import type { ServerGroup } from "../servers/join_servers.ts";
import { Agents, type AgentsDeps } from "./agents.ts";
import type { Kept } from "./open_kept.ts";

/** What {@linkcode openAgents} puts together. */
export interface OpenAgentsDeps {
  /** Where all of it lies. */
  kv: Deno.Kv;
  /** The model, and who there is. */
  config: Pick<Config, "model" | "keys">;
  /** Runs code. */
  runs: RunService;
  /** What there is to call. */
  tools: Pick<ToolDirectory, "searchFor">;
  /** Where tools come from. */
  servers: Pick<ServerGroup, "states">;
  /** What they keep. */
  kept: Kept;
  /** Which server has which agent. */
  ownership: AgentsDeps["ownership"];
}

/** Opens agents; whoever calls this wakes those that have letters. */
export function openAgents(deps: OpenAgentsDeps): Agents {
  const { kv, config, runs, tools, servers, kept, ownership } = deps;
  const { memory, sql, skills, schedules } = kept;
  const catalog: InstructionsDeps = {
    search: (query, options, principal) => tools.searchFor(query, options, principal),
    servers: () => servers.states(),
  };
  return new Agents({
    kv,
    runs,
    model: openModel(config.model),
    principalOf: (name) => principalOf(name, config.keys),
    async search(query, options, principal) {
      const given = { detail: "signatures" as const, limit: 8, ...options };
      const items = tools.searchFor(query, given, principal);
      const text = searchText(items, { query, server: options.server });
      const own = await skills.list(memoryOwner(principal));
      return [...own.filter((skill) => fits(skill, query)).map(skillLine), text].join("\n");
    },
    async catalog(principal) {
      const own = await skills.list(memoryOwner(principal));
      const saved = own.slice(0, maxShownSkills).map(skillLine).join("\n");
      const text = await writeInstructions(catalog, principal);
      return `${text}\n\n${aboutAgents}${saved === "" ? "" : `\nSaved skills:\n${saved}`}`;
    },
    schedules,
    ownership,
    stores: [memory.store, schedules, skills, sql],
  });
}

const maxShownSkills = 40;

const aboutAgents =
  `Beside that, your code has \`sql(query, params?)\`, a SQLite database of your own, \
and \`skills.save({ name, description, code })\`: code that worked and may be of use again is saved \
under a name, and called as \`skills.NAME(args)\`.`;

function skillLine({ signature, description }: SkillItem): string {
  return `${signature} // ${visibleLine(description, 200)}`;
}

/** Whether a skill has to do with a query: by a word of its name or description. */
function fits({ name, description }: SkillItem, query: string): boolean {
  const wanted = new Set(splitWords(query).map((word) => stemWord(word)));
  return splitWords(`${name} ${description}`).some((word) => wanted.has(stemWord(word)));
}
