import { deepStrictEqual, strictEqual } from "assert";
import fc from "fast-check";
import { changedTable, refusalOf } from "../../workers/sql/authorize_action.ts";
import { nextStatement } from "../../workers/sql/next_statement.ts";
import { toJsonValue, toSqlValue, toSqlValues, uniqueNames } from "../../workers/sql/sql_values.ts";

const texts: [sql: string, from: number, at: number][] = [
  ["SELECT 1", 0, 0],
  [" \t\n;; SELECT 1", 0, 6],
  ["-- x; y\nSELECT 1", 0, 8],
  ["/* ; */ /**/SELECT 1", 0, 12],
  ["/* open", 0, 7],
  ["-- open", 0, 7],
  ["SELECT 1; -- end", 9, 16],
  ["\uFEFFSELECT 1", 0, 1],
  ["- 1", 0, 0],
];
for (const [sql, from, at] of texts) {
  Deno.test(`nextStatement() finds ${at} in ${JSON.stringify(sql)}`, () => {
    strictEqual(nextStatement(sql, from), at);
  });
}

Deno.test("nextStatement() passes over a megabyte of comments", () => {
  strictEqual(nextStatement("-- x\n;/* */".repeat(100_000), 0), 1_100_000);
});

Deno.test("refusalOf() lets what is listed pass, and nothing else", () => {
  const passed = Array.from({ length: 40 }, (_, code) => code)
    .filter((code) => refusalOf({ code, first: "table_info", second: "fts5" }) === undefined);

  deepStrictEqual(
    passed,
    [1, 2, 7, 8, 9, 10, 11, 16, 17, 18, 19, 20, 21, 23, 26, 27, 28, 29, 30, 31, 33],
  );
});

Deno.test("changedTable() names tables whose rows change", () => {
  const action = (code: number, first: string) => changedTable({ code, first, second: null });

  deepStrictEqual(
    [
      action(18, "t"),
      action(9, "t"),
      action(23, "t"),
      action(20, "t"),
      action(18, "sqlite_master"),
    ],
    ["t", "t", "t", undefined, undefined],
  );
});

Deno.test("toSqlValue() and toJsonValue() give back any JSON value that SQL has", () => {
  const values = fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true }), fc.constant(null));

  fc.assert(fc.property(values, (value) => {
    strictEqual(Object.is(value, -0) ? 0 : value, toJsonValue(toSqlValue(value)));
  }));
  deepStrictEqual(toSqlValues({ a: true, b: { base64: "AP8=" } }), {
    a: 1n,
    b: Uint8Array.of(0, 255),
  });
  strictEqual(toJsonValue(2n ** 60n), `${2n ** 60n}`);
});

Deno.test("uniqueNames() gives each column a name of its own", () => {
  fc.assert(fc.property(fc.array(fc.constantFrom("id", "id_2", "id_3", "")), (names) => {
    strictEqual(new Set(uniqueNames(names)).size, names.length);
  }));
  deepStrictEqual(uniqueNames(["id", "id", "id_2", "id"]), ["id", "id_3", "id_2", "id_4"]);
});
