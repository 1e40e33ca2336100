/** Opens the parts in which agents keep things. @module */

import { createMemory, type Memory } from "../memory/memory.ts";
import { memoryPage } from "../memory/memory_page.ts";
import { Schedules } from "../schedules/schedules.ts";
import { SkillStore } from "../skills/skill_store.ts";
import type { SqlDatabases } from "../sql/sql_databases.ts";
import { startSql, type StartSqlOptions } from "../sql/start_sql.ts";

/** What agents keep, each under its owner. */
export interface Kept extends AsyncDisposable {
  /** Values by key. */
  readonly memory: Memory;
  /** A page of them, for people. */
  readonly page: (
    owner: string,
    query: Parameters<typeof memoryPage>[2],
  ) => ReturnType<typeof memoryPage>;
  /** Databases. */
  readonly sql: SqlDatabases;
  /** Code by name. */
  readonly skills: SkillStore;
  /** Alarms. */
  readonly schedules: Schedules;
}

/** Opens them in a KV. */
export async function openKept(
  kv: Deno.Kv,
  options: Pick<StartSqlOptions, "command" | "residentMb">,
): Promise<Kept> {
  const memory = createMemory(kv);
  const sql = await startSql({ kv, ...options });
  const schedules = new Schedules(kv);
  return {
    memory,
    page: (owner, query) => memoryPage(memory, owner, query),
    sql,
    skills: new SkillStore(kv),
    schedules,
    async [Symbol.asyncDispose]() {
      await schedules[Symbol.asyncDispose]();
      await sql[Symbol.asyncDispose]();
    },
  };
}
