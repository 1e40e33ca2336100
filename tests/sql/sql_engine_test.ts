import { deepStrictEqual, rejects, strictEqual } from "assert";
import { isolatedCommand } from "../../src/sandbox/host_command.ts";
import { SqlEngine, type SqlEngineOptions } from "../../src/sql/sql_engine.ts";
import { SqlProcess } from "../../src/sql/sql_process.ts";
import { sqlProgram } from "../../src/sql/start_sql.ts";
import { counting } from "./real_sql.ts";

Deno.test("SqlEngine starts a process when it is asked first, and the next one after a crash", async () => {
  await using test = await realEngine();
  const { engine, started } = test;
  const before = started.length;
  await engine.ask({ type: "open", db: "a", changesets: [] });
  engine.keep("a", "1", 0);
  const held = engine.holds("a", "1");
  started[0].kill();
  await started[0].exit;

  deepStrictEqual([before, held, engine.holds("a", "1")], [0, true, false]);
  deepStrictEqual(await ask(engine, "a", "SELECT 1"), { type: "unknown" });
  strictEqual(started.length, 2);
});

Deno.test("SqlEngine ends a process that takes too long, or dies over a request", async () => {
  await using test = await realEngine({ timeoutMs: 500 });
  const { engine, started } = test;
  await engine.ask({ type: "open", db: "a", changesets: [] });

  strictEqual(await ask(engine, "a", `${counting(1e15)} SELECT max(x) FROM c`), "timed_out");
  strictEqual(started[0].isAlive, false);
  await engine.ask({ type: "open", db: "a", changesets: [] });
  const asked = ask(engine, "a", `${counting(1e15)} SELECT max(x) FROM c`);
  await started[1].ready;
  started[1].kill();
  strictEqual(await asked, "ended");
});

Deno.test("SqlEngine lets the least recently used databases go", async () => {
  await using test = await realEngine({ heldBytes: 400_000 });
  const { engine } = test;
  for (const db of ["a", "b", "c"]) {
    await engine.ask({ type: "open", db, changesets: [] });
    engine.keep(db, "1", 100_000);
  }
  const answers = await Promise.all(["a", "b", "c"].map((db) => ask(engine, db, "SELECT 1")));

  deepStrictEqual(["a", "b", "c"].map((db) => engine.holds(db, "1")), [false, true, true]);
  deepStrictEqual(
    answers.map((answer) => typeof answer === "string" ? answer : answer.type),
    ["unknown", "answered", "answered"],
  );
});

Deno.test("SqlEngine says so where no process starts, and once it is closed", async () => {
  await using test = await realEngine({ startMs: 0 });
  await rejects(ask(test.engine, "a", "SELECT 1"), {
    code: "unavailable",
    message: "Cannot run SQL: its process does not start",
  });
  await test.engine[Symbol.asyncDispose]();
  await rejects(ask(test.engine, "a", "SELECT 1"), {
    code: "unavailable",
    message: "Cannot run SQL: it is shutting down",
  });
});

function ask(engine: SqlEngine, db: string, sql: string): ReturnType<SqlEngine["ask"]> {
  return engine.ask({ type: "query", db, sql, snapshot: false });
}

async function realEngine(options: Partial<SqlEngineOptions> = {}) {
  const cwd = await Deno.makeTempDir();
  const started: SqlProcess[] = [];
  const start = () => {
    const process = new SqlProcess({ ...isolatedCommand(sqlProgram(`${cwd}/deno`, 128)), cwd });
    started.push(process);
    return process;
  };
  const engine = new SqlEngine({ start, ...options });
  return {
    engine,
    started,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await Promise.all(started.map((process) => process.exit));
      await Deno.remove(cwd, { recursive: true });
    },
  };
}
