/** Databases whose SQL runs in real processes. */

import { isolatedCommand } from "../../src/sandbox/host_command.ts";
import { processUsage } from "../../src/sandbox/process_usage.ts";
import type { SqlDatabases } from "../../src/sql/sql_databases.ts";
import { startSql, type StartSqlOptions } from "../../src/sql/start_sql.ts";

/** Databases in a KV, with one process unless told otherwise. */
export function realSql(
  kv: Deno.Kv,
  options: Partial<StartSqlOptions> = {},
): Promise<SqlDatabases> {
  const residentMb = (pid: number) => processUsage(pid)?.residentMb;
  return startSql({ kv, command: isolatedCommand, residentMb, processes: 1, ...options });
}

/** A recursive query that counts to a number. */
export function counting(to: number): string {
  return `WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT ${to})`;
}
