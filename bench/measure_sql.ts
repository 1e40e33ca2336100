/** What SQL costs that is kept before it is acknowledged. @module */

import { isolatedCommand } from "../src/sandbox/host_command.ts";
import { startSql } from "../src/sql/start_sql.ts";
import { type Figure, samplesFor, type Section, summarize, timeEach } from "./figure.ts";

/** Small writes and reads of one database in a KV file, in process as an agent does them. */
export const sqlSection: Section = {
  name: "sql",
  measure: async (effort) => {
    const folder = await Deno.makeTempDir({ prefix: "airlock-bench-" });
    try {
      return await measureSql(`${folder}/kv.db`, samplesFor(effort, 500));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
};

async function measureSql(path: string, samples: number): Promise<Figure[]> {
  using kv = await Deno.openKv(path);
  await using databases = await startSql({ kv, command: isolatedCommand });
  const query = (sql: string) => databases.query("bench", { sql });
  await query("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
  const insert = () => query("INSERT INTO notes (text) VALUES ('a note of an agent')");
  await timeEach(20, insert);
  const writes = await timeEach(samples, insert);
  const reads = await timeEach(samples, () => query("SELECT * FROM notes WHERE id = 7"));
  const shared = { isolation: "none", unit: "ms" } as const;
  return [
    { name: "a small durable write", ...shared, ...summarize(writes), aim: "≤ 5 ms" },
    { name: "a small read", ...shared, ...summarize(reads) },
  ];
}
