/** Where SQL runs: an empty folder to stand in, and processes without rights. @module */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SqlDatabases } from "./sql_databases.ts";
import { SqlEngine } from "./sql_engine.ts";
import { type SqlCommand, SqlProcess } from "./sql_process.ts";

/** How a process without rights is started. */
export interface SqlProgram {
  /** First argument by which the compiled binary knows what it is to be. */
  argument: string;
  /** The bundle that `workers/build.ts` makes. */
  script: string;
  /** Flags for V8, separated by commas. */
  v8Flags: string;
  /** Its throw-away `DENO_DIR`; need not exist. */
  denoDir: string;
}

/** What {@linkcode startSql} needs. */
export interface StartSqlOptions {
  /** Where databases are kept. */
  kv: Deno.Kv;
  /** The command of a process without rights. */
  command(program: SqlProgram): Omit<SqlCommand, "cwd">;
  /** What a process takes of the machine's memory, MiB. @default {nobody looks} */
  residentMb?(pid: number): number | undefined;
  /** Processes: an owner that keeps one busy holds up those it shares it with. @default {2} */
  processes?: number;
  /** How long one query may take, milliseconds. @default {5000} */
  timeoutMs?: number;
  /** MiB of V8 heap of a process: it bounds what a query selects. @default {256} */
  heapMb?: number;
}

/** Makes the databases in a KV. A process starts with the first query that needs it. */
export async function startSql(options: StartSqlOptions): Promise<SqlDatabases> {
  const { kv, command, residentMb, processes = 2, timeoutMs, heapMb = 256 } = options;
  const cwd = await Deno.makeTempDir({ prefix: "airlock-sql-" });
  const program = sqlProgram(join(cwd, "deno"), heapMb);
  const start = () => new SqlProcess({ ...command(program), cwd });
  const engines = Array.from(
    { length: processes },
    () => new SqlEngine({ start, timeoutMs, residentMb }),
  );
  return new SqlDatabases({
    kv,
    engines,
    onDisposed: () => Deno.remove(cwd, { recursive: true }),
  });
}

/** The SQL process as a program, given its throw-away `DENO_DIR` and the MiB of its heap. */
export function sqlProgram(denoDir: string, heapMb: number): SqlProgram {
  return {
    argument: "--airlock-sql",
    script: fileURLToPath(new URL("../../workers/dist/sql.js", import.meta.url)),
    v8Flags: `--max-old-space-size=${heapMb},--disallow-code-generation-from-strings`,
    denoDir,
  };
}
