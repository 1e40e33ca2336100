import { deepStrictEqual, match, ok, rejects, strictEqual } from "assert";
import fc from "fast-check";
import type { SqlAnswer, SqlDatabases, SqlStatement } from "../../src/sql/sql_databases.ts";
import { counting, realSql } from "./real_sql.ts";

const notes = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)";

Deno.test("SqlDatabases.query() answers with columns, rows and changes", async () => {
  using kv = await Deno.openKv(":memory:");
  await using databases = await realSql(kv);
  const query = (sql: string, params?: SqlStatement["params"]) =>
    databases.query("a", { sql, params });

  deepStrictEqual(await query(`${notes}; INSERT INTO notes (text) VALUES ('a'), ('b')`), {
    columns: [],
    rows: [],
    changes: 2,
  });
  deepStrictEqual(await query("SELECT id, text, 1 AS id FROM notes WHERE id = ?", [2]), {
    columns: ["id", "text", "id_2"],
    rows: [{ id: 2, text: "b", id_2: 1 }],
    changes: 0,
  });
  deepStrictEqual(
    await query("UPDATE notes SET text = :t; -- all\n SELECT count(*) AS n FROM notes", { t: "c" }),
    { columns: ["n"], rows: [{ n: 2 }], changes: 2 },
  );
  deepStrictEqual(await query("DELETE FROM notes WHERE id = $id RETURNING text", { id: 1 }), {
    columns: ["text"],
    rows: [{ text: "c" }],
    changes: 1,
  });
});

Deno.test("SqlDatabases.query() gives values as JSON, and takes them back", async () => {
  using kv = await Deno.openKv(":memory:");
  await using databases = await realSql(kv);
  const params = [1, 1.5, "é\u{1F600}", null, true, { base64: "AP8=" }];

  const { rows } = await databases.query("a", {
    sql: "SELECT ? AS i, ? AS r, ? AS t, ? AS n, ? AS b, ? AS x, 9007199254740993 AS big, " +
      "9e999 AS inf, typeof(?1) AS kind",
    params,
  });

  deepStrictEqual(rows, [{
    i: 1,
    r: 1.5,
    t: "é\u{1F600}",
    n: null,
    b: 1,
    x: { base64: "AP8=" },
    big: "9007199254740993",
    inf: null,
    kind: "integer",
  }]);
});

const refused: [name: string, statement: SqlStatement, code: string, message: RegExp][] = [
  ["a syntax error", { sql: "SELEC 1" }, "tool_failed", /: near "SELEC": syntax error$/],
  ["ATTACH", { sql: "ATTACH 'x.db' AS x" }, "tool_failed", /no other database can be attached/],
  [
    "ATTACH behind a comment",
    { sql: "SELECT 1 /* ; */; -- x\nATTACH DATABASE ':memory:' AS x" },
    "tool_failed",
    /no other database can be attached/,
  ],
  ["DETACH", { sql: "DETACH main" }, "tool_failed", /no other database/],
  ["VACUUM INTO a file", { sql: "VACUUM INTO 'x.db'" }, "tool_failed", /cannot VACUUM/],
  ["BEGIN", { sql: "BEGIN; SELECT 1" }, "tool_failed", /leave out BEGIN and COMMIT/],
  ["COMMIT", { sql: "COMMIT" }, "tool_failed", /leave out BEGIN and COMMIT/],
  ["SAVEPOINT", { sql: "SAVEPOINT a" }, "tool_failed", /leave out SAVEPOINT/],
  ["a pragma", { sql: "PRAGMA max_page_count = 9999999" }, "tool_failed", /max_page_count is not/],
  [
    "a pragma as a table",
    { sql: "SELECT * FROM pragma_hard_heap_limit" },
    "tool_failed",
    /not allowed|no such/,
  ],
  ["writable_schema", { sql: "PRAGMA writable_schema = 1" }, "tool_failed", /not allowed/],
  [
    "the schema as a table",
    { sql: "DELETE FROM sqlite_schema" },
    "tool_failed",
    /may not be modified/,
  ],
  ["load_extension", { sql: "SELECT load_extension('x')" }, "tool_failed", /no function/],
  ["readfile", { sql: "SELECT readfile('/etc/passwd')" }, "tool_failed", /no such function/],
  ["a temporary table", { sql: "CREATE TEMP TABLE t (a)" }, "tool_failed", /would not last/],
  ["another module", { sql: "CREATE VIRTUAL TABLE t USING dbstat" }, "tool_failed", /no module/],
  [
    "a value of 10 MB",
    { sql: "SELECT zeroblob(10000000)" },
    "tool_failed",
    /string or blob too big/,
  ],
  ["a NUL", { sql: "SELECT 1\0; DROP TABLE notes" }, "invalid_arguments", /holds a NUL/],
  [
    "too many parameters",
    { sql: "SELECT ?", params: [1, 2] },
    "invalid_arguments",
    /more parameters/,
  ],
  [
    "an unknown name",
    { sql: "SELECT :a", params: { b: 1 } },
    "invalid_arguments",
    /no place for parameter "b"/,
  ],
  [
    "__proto__",
    { sql: "SELECT :a", params: JSON.parse('{"__proto__":1}') },
    "invalid_arguments",
    /__proto__/,
  ],
  [
    "an unknown name in several statements",
    { sql: "SELECT 1; SELECT :a", params: { a: 1, b: 1 } },
    "invalid_arguments",
    /no place for parameter "b"/,
  ],
  [
    "positions in several statements",
    { sql: "SELECT ?; SELECT ?", params: [1] },
    "invalid_arguments",
    /several statements take named/,
  ],
  ["parameters of nothing", { sql: "-- ;", params: [1] }, "invalid_arguments", /no statement/],
  [
    "a name that is a statement",
    { sql: 'SELECT * FROM "x\'; DROP TABLE notes"' },
    "tool_failed",
    /no such table/,
  ],
  [
    "10,001 rows",
    { sql: `${counting(10_001)} SELECT x FROM c` },
    "tool_failed",
    /more than 10000 rows/,
  ],
  [
    "5 MB of rows",
    { sql: `${counting(5)} SELECT hex(zeroblob(500000)) AS h FROM c` },
    "tool_failed",
    /more than 4000000 characters/,
  ],
  [
    "more than fits",
    { sql: `${counting(1e9)} INSERT INTO notes (text) SELECT hex(zeroblob(100000)) FROM c` },
    "tool_failed",
    /the database is full/,
  ],
  [
    "a value that takes all memory",
    { sql: `${counting(1e6)} SELECT count(DISTINCT x || hex(zeroblob(1000))) FROM c` },
    "tool_failed",
    /too much memory|too long/,
  ],
];
Deno.test("SqlDatabases.query() refuses what is not allowed, and changes nothing", async (t) => {
  using kv = await Deno.openKv(":memory:");
  await using databases = await realSql(kv);
  await databases.query("a", { sql: `${notes}; INSERT INTO notes (text) VALUES ('kept')` });
  for (const [name, statement, code, message] of refused) {
    await t.step(name, async () => {
      const sql = `INSERT INTO notes (text) VALUES ('lost'); ${statement.sql}`;
      const all = statement.params === undefined ? { sql } : statement;

      await rejects(databases.query("a", all), { code, message });
      const { rows } = await databases.query("a", { sql: "SELECT text FROM notes" });
      deepStrictEqual(rows, [{ text: "kept" }]);
    });
  }
});

Deno.test("SqlDatabases.query() ends what runs for ever, and others lose nothing", async () => {
  using kv = await Deno.openKv(":memory:");
  await using databases = await realSql(kv, { timeoutMs: 300 });
  await databases.query("b", { sql: `${notes}; INSERT INTO notes (text) VALUES ('mine')` })
    .catch(() =>
      databases.query("b", { sql: `${notes}; INSERT INTO notes (text) VALUES ('mine')` })
    );

  const endless = databases.query("a", { sql: `${counting(1e15)} SELECT max(x) FROM c` });
  const other = databases.query("b", { sql: "SELECT text FROM notes" });

  await rejects(endless, { code: "tool_failed", message: /it takes too long/ });
  deepStrictEqual((await other).rows, [{ text: "mine" }]);
});

Deno.test({
  name: "SqlDatabases.query() ends what fills the machine's memory (Linux, which tells how much)",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using kv = await Deno.openKv(":memory:");
    await using databases = await realSql(kv, { timeoutMs: 60_000 });
    const sql = `${counting(1e6)} SELECT randomblob(1000000) FROM c`;

    await rejects(databases.query("a", { sql }), {
      code: "tool_failed",
      message: /process ended|too much memory/,
    });
    strictEqual((await databases.query("a", { sql: "SELECT 1" })).rows.length, 1);
  },
});

Deno.test("SqlDatabases keeps owners apart, and deleteAll() forgets one wholly", async () => {
  using kv = await Deno.openKv(":memory:");
  await using databases = await realSql(kv);
  await databases.query("a", { sql: `${notes}; INSERT INTO notes (text) VALUES ('a')` });
  await databases.query("a", { sql: "INSERT INTO notes (text) VALUES ('a')" });

  await rejects(databases.query("b", { sql: "SELECT * FROM notes" }), /no such table: notes/);
  await databases.deleteAll("a");

  await rejects(databases.query("a", { sql: "SELECT * FROM notes" }), /no such table: notes/);
  deepStrictEqual(await Array.fromAsync(kv.list({ prefix: [] })), []);
});

Deno.test("SqlDatabases.query() acknowledges nothing that its fence refused", async () => {
  using kv = await Deno.openKv(":memory:");
  await using databases = await realSql(kv);
  await databases.query("a", { sql: notes });
  await kv.set(["owner"], "me");
  const owner = await kv.get(["owner"]);
  const fence = (commit: Deno.AtomicOperation) => commit.check(owner);
  const insert = () =>
    databases.query("a", { sql: "INSERT INTO notes (text) VALUES ('x')" }, { fence });

  await insert();
  await kv.set(["owner"], "another");

  await rejects(insert(), { code: "conflict", message: /another server has taken the agent over/ });
  const { rows } = await databases.query("a", { sql: "SELECT count(*) AS n FROM notes" });
  deepStrictEqual(rows, [{ n: 1 }]);
});

Deno.test("SqlDatabases.query() says so where KV fails, and forgets what it did not keep", async () => {
  using kv = await Deno.openKv(":memory:");
  await using databases = await realSql(kv);
  await databases.query("a", { sql: notes });
  const fence = () => {
    throw new Error("The disk is gone");
  };
  const sql = "INSERT INTO notes (text) VALUES ('x')";

  await rejects(databases.query("a", { sql }, { fence }), { code: "outcome_unknown" });
  const { rows } = await databases.query("a", { sql: "SELECT count(*) AS n FROM notes" });
  deepStrictEqual(rows, [{ n: 0 }]);
});

Deno.test("SqlDatabases.query() gives way to an abort before it begins", async () => {
  using kv = await Deno.openKv(":memory:");
  await using databases = await realSql(kv);
  const signal = AbortSignal.abort();

  await rejects(databases.query("a", { sql: notes }, { signal }), { name: "AbortError" });
  await databases.query("a", { sql: notes });
});

Deno.test("SqlDatabases brings back every kind of table after any statements, on two servers", async () => {
  const value = fc.constantFrom("NULL", "1", "'x'", "2.5", "x'00'");
  const key = fc.constantFrom("NULL", "'a'", "'b'", "1", "2");
  const table = fc.constantFrom("plain", "texts", "pairs", "bare", "packed", "generated");
  const statement = fc.oneof(
    fc.tuple(table, key, value).map(([t, k, v]) =>
      `INSERT OR REPLACE INTO ${t} (k, v) VALUES (${k}, ${v})`
    ),
    fc.tuple(table, key, value).map(([t, k, v]) =>
      `UPDATE OR IGNORE ${t} SET v = ${v} WHERE k IS ${k}`
    ),
    fc.tuple(table, key).map(([t, k]) => `DELETE FROM ${t} WHERE k IS ${k}`),
    fc.tuple(table, key, key).map(([t, k, to]) =>
      `UPDATE OR IGNORE ${t} SET k = ${to} WHERE k IS ${k}`
    ),
    key.map((k) => `INSERT OR IGNORE INTO child (id, parent) VALUES (NULL, ${k})`),
    value.map((v) => `INSERT INTO docs (text) VALUES (${v})`),
    fc.constant("DELETE FROM docs WHERE rowid = (SELECT min(rowid) FROM docs)"),
    fc.constant("CREATE TABLE IF NOT EXISTS later (k INTEGER PRIMARY KEY, v)"),
    fc.constant("CREATE INDEX IF NOT EXISTS by_v ON plain (v)"),
  );
  const schema = `CREATE TABLE plain (k INTEGER PRIMARY KEY, v);
    CREATE TABLE texts (k TEXT PRIMARY KEY, v);
    CREATE TABLE pairs (k, v, PRIMARY KEY (k, v));
    CREATE TABLE bare (k, v);
    CREATE TABLE packed (k TEXT PRIMARY KEY, v) WITHOUT ROWID;
    CREATE TABLE generated (k TEXT NOT NULL PRIMARY KEY, v, twice AS (v || v) STORED);
    CREATE TABLE child (id INTEGER PRIMARY KEY, parent REFERENCES plain ON DELETE CASCADE ON UPDATE CASCADE);
    CREATE VIRTUAL TABLE docs USING fts5 (text)`;
  using kv = await Deno.openKv(":memory:");
  await using one = await realSql(kv);
  await using two = await realSql(kv);
  let owner = 0;

  await fc.assert(
    fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 12 }), async (statements) => {
      const name = `owner ${owner++}`;
      await one.query(name, { sql: schema });
      for (const sql of statements) {
        await one.query(name, { sql }).catch((error: Error) =>
          match(error.message, /constraint|mismatch/)
        );
      }
      deepStrictEqual(await dump(two, name), await dump(one, name));
    }),
    { numRuns: 40 },
  );
});

Deno.test("SqlDatabases does not fire triggers again when a database is loaded", async () => {
  using kv = await Deno.openKv(":memory:");
  await using one = await realSql(kv);
  await one.query("a", {
    sql: `${notes}; CREATE TABLE log (id INTEGER PRIMARY KEY, text);
      CREATE TRIGGER t AFTER INSERT ON notes BEGIN INSERT INTO log (text) VALUES (new.text); END`,
  });
  for (const text of ["a", "b"]) {
    await one.query("a", { sql: "INSERT INTO notes (text) VALUES (?)", params: [text] });
  }
  await using two = await realSql(kv);

  const { rows } = await two.query("a", { sql: "SELECT text FROM log" });

  deepStrictEqual(rows, [{ text: "a" }, { text: "b" }]);
});

Deno.test("SqlDatabases on two servers write one after the other, and lose nothing", async () => {
  using kv = await Deno.openKv(":memory:");
  await using one = await realSql(kv);
  await using two = await realSql(kv);
  await one.query("a", { sql: notes });
  const sql = "INSERT INTO notes (text) VALUES ('x')";

  const writes = Array.from(
    { length: 40 },
    (_, i) => (i % 2 === 0 ? one : two).query("a", { sql }),
  );
  await Promise.all(writes);

  const { rows } = await one.query("a", { sql: "SELECT count(*) AS n FROM notes" });
  deepStrictEqual(rows, [{ n: 40 }]);
});

Deno.test("SqlDatabases writes a snapshot after 100 changes, and loads what came before and since", async () => {
  using kv = await Deno.openKv(":memory:");
  await using one = await realSql(kv);
  await one.query("a", { sql: notes });
  for (let i = 0; i < 130; i++) {
    await one.query("a", { sql: "INSERT INTO notes (text) VALUES (?)", params: [`${i}`] });
  }
  const changes = await Array.fromAsync(kv.list({ prefix: ["sql_change", "a"] }));
  await using two = await realSql(kv);

  const { rows } = await two.query("a", { sql: "SELECT count(*) AS n, max(id) AS id FROM notes" });

  ok(changes.length < 100, `${changes.length} changes`);
  deepStrictEqual(rows, [{ n: 130, id: 130 }]);
});

Deno.test("SqlDatabases takes a database of many megabytes", async () => {
  using kv = await Deno.openKv(":memory:");
  await using one = await realSql(kv);
  await one.query("a", { sql: "CREATE TABLE big (id INTEGER PRIMARY KEY, data BLOB)" });
  await one.query("a", {
    sql: `${counting(8)} INSERT INTO big (data) SELECT randomblob(1000000) FROM c`,
  });
  await using two = await realSql(kv);
  const sql = "SELECT count(*) AS n, sum(length(data)) AS bytes FROM big";

  deepStrictEqual((await two.query("a", { sql })).rows, [{ n: 8, bytes: 8_000_000 }]);
});

/** All that a database holds, as text. */
async function dump(databases: SqlDatabases, owner: string): Promise<SqlAnswer[]> {
  const answers: SqlAnswer[] = [];
  for (
    const table of "plain texts pairs bare packed generated child docs sqlite_schema".split(" ")
  ) {
    answers.push(
      await databases.query(owner, { sql: `SELECT * FROM ${table} ORDER BY 1, 2` }).catch(() =>
        databases.query(owner, { sql: `SELECT * FROM ${table} ORDER BY 1` })
      ),
    );
  }
  return answers;
}
