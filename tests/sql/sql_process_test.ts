import { deepStrictEqual, strictEqual } from "assert";
import { isolatedCommand } from "../../src/sandbox/host_command.ts";
import { SqlProcess } from "../../src/sql/sql_process.ts";
import { sqlProgram } from "../../src/sql/start_sql.ts";

Deno.test("SqlProcess answers in order, knows what it was told to forget, and ends", async () => {
  const cwd = await Deno.makeTempDir();
  const process = new SqlProcess({ ...isolatedCommand(sqlProgram(`${cwd}/deno`, 128)), cwd });
  const query = { type: "query", db: "a", sql: "SELECT 1 AS n", snapshot: false } as const;
  const answers = await Promise.all([
    process.ready,
    process.ask(query),
    process.ask({ type: "open", db: "a", changesets: [] }),
    process.ask(query),
  ]);
  process.tell({ type: "close", db: "a" });
  const forgotten = await process.ask(query);
  process.kill();
  await process.exit;
  const gone = await process.ask(query);
  await Deno.remove(cwd, { recursive: true });

  deepStrictEqual([...answers, forgotten, gone, process.isAlive], [
    true,
    { type: "unknown" },
    { type: "opened", size: 0 },
    { type: "answered", columns: ["n"], rows: [{ n: 1 }], changes: 0, size: 0 },
    { type: "unknown" },
    undefined,
    false,
  ]);
});

const strangers: [name: string, script: string][] = [
  ["one that ends at once", ""],
  ["one that says what nobody knows", 'say(\'{"type":"other"}\'); while (true);'],
  ["one that writes no frames", 'console.log("\\xff\\xff\\xff\\xff"); while (true);'],
];
for (const [name, script] of strangers) {
  Deno.test(`SqlProcess is not ready with ${name}`, async () => {
    const url = `data:text/javascript,${encodeURIComponent(`${speak}\n${script}`)}`;
    const args = ["run", "--quiet", "--no-prompt", "--no-config", "--no-lock", url];
    const cwd = Deno.cwd();
    const process = new SqlProcess({ command: Deno.execPath(), args, env: {}, cwd });

    strictEqual(await process.ready, false);
    await process.exit;
  });
}

/** A frame that holds a text, written by a script of its own. */
const speak = `const say = (text) => {
  const body = new TextEncoder().encode(text);
  const frame = new Uint8Array(4 + body.length);
  new DataView(frame.buffer).setUint32(0, body.length);
  frame.set(body, 4);
  Deno.stdout.writeSync(frame);
};`;
