import { deepStrictEqual, rejects, strictEqual } from "assert";
import { isolatedCommand } from "../../src/sandbox/host_command.ts";
import { sqlProgram, startSql } from "../../src/sql/start_sql.ts";

Deno.test("startSql() starts nothing before the first query, and leaves nothing behind", async () => {
  using kv = await Deno.openKv(":memory:");
  const folders: string[] = [];
  const databases = await startSql({
    kv,
    command: (program) => {
      folders.push(program.denoDir.slice(0, -"/deno".length));
      return isolatedCommand(program);
    },
  });
  const before = folders.length;
  const { rows } = await databases.query("a", { sql: "SELECT 1 AS n" });
  await databases[Symbol.asyncDispose]();

  deepStrictEqual([before, folders.length, rows], [0, 1, [{ n: 1 }]]);
  await rejects(Deno.stat(folders[0]), Deno.errors.NotFound);
});

Deno.test("sqlProgram() is a process with no right at all", () => {
  const { args } = isolatedCommand(sqlProgram("", 64));

  deepStrictEqual(
    args.filter((argument) => argument.startsWith("--deny-") || argument.startsWith("--allow")),
    ["read", "write", "net", "env", "run", "ffi", "sys", "import"].map((name) => `--deny-${name}`),
  );
  strictEqual(args.some((argument) => argument.includes("--max-old-space-size=64")), true);
});

Deno.test("startSql() keeps what was acknowledged when its process is killed at any moment", async () => {
  const folder = await Deno.makeTempDir();
  {
    using kv = await Deno.openKv(`${folder}/kv.db`);
    const pids: number[] = [];
    await using databases = await startSql({
      kv,
      command: isolatedCommand,
      residentMb: (pid) => void pids.push(pid),
      processes: 1,
    });
    await databases.query("a", { sql: "CREATE TABLE t (id INTEGER PRIMARY KEY)" });
    let acknowledged = 0;
    for (let i = 0; i < 5; i++) {
      const slow = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 300000)";
      const writes = Array.from(
        { length: 4 },
        () =>
          databases.query("a", {
            sql: `INSERT INTO t SELECT NULL FROM (${slow} SELECT max(x) FROM c)`,
          })
            .then(() => acknowledged++, () => undefined),
      );
      await Promise.race(writes);
      const pid = pids.at(-1);
      if (pid !== undefined) killIfThere(pid);
      await Promise.all(writes);
    }

    const { rows } = await databases.query("a", { sql: "SELECT count(*) AS n FROM t" });
    deepStrictEqual(rows, [{ n: acknowledged }]);
  }
  await Deno.remove(folder, { recursive: true });
});

function killIfThere(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound) && !(error instanceof TypeError)) throw error;
  }
}
