/** The tools of Airlock itself: memory for all code, SQL and skills for that of agents. @module */

import { memoryOwner } from "../grants/principal.ts";
import type { Memory } from "../memory/memory.ts";
import { memoryTools } from "../memory/memory_tools.ts";
import { type OwnTools, toolsOfAgents } from "../runs/own_tools.ts";
import type { SkillStore } from "../skills/skill_store.ts";
import { createSkillInvoke, skillTools } from "../skills/skill_tools.ts";
import type { SqlDatabases } from "../sql/sql_databases.ts";
import { createSqlInvoke, sqlTool } from "../sql/sql_tool.ts";
import { createSkillRunner, type SkillRunnerDeps } from "./run_skill.ts";

/** What {@linkcode agentTools} are made of. */
export interface AgentToolsDeps extends SkillRunnerDeps {
  /** What is kept by key. */
  memory: Pick<Memory, "invoke">;
  /** Databases. */
  sql: Pick<SqlDatabases, "query">;
  /** Code by name. */
  skills: SkillStore;
}

/** Makes them. */
export function agentTools({ memory, sql, skills, ...runner }: AgentToolsDeps): OwnTools[] {
  return [
    { server: "memory", tools: () => memoryTools, invoke: memory.invoke },
    { server: "sql", tools: toolsOfAgents([sqlTool]), invoke: createSqlInvoke(sql) },
    {
      server: "skills",
      tools: (principal) =>
        principal.agent === undefined ? [] : skillTools(skills, memoryOwner(principal)),
      invoke: createSkillInvoke(skills, createSkillRunner(runner)),
      runsCode: true,
    },
  ];
}
