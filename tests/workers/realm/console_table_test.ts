import { deepStrictEqual, ok, strictEqual } from "assert";
import { tableText } from "../../../workers/realm/console_table.ts";

Deno.test("tableText() draws a column for each property", () => {
  strictEqual(
    tableText([{ a: 1, b: "x" }, { a: { deep: { er: 1 } }, c: true }, 5]),
    `┌───────┬────────────────────┬───┬──────┬────────┐
│ (idx) │ a                  │ b │ c    │ Values │
├───────┼────────────────────┼───┼──────┼────────┤
│ 0     │ 1                  │ x │      │        │
│ 1     │ { deep: [Object] } │   │ true │        │
│ 2     │                    │   │      │ 5      │
└───────┴────────────────────┴───┴──────┴────────┘`,
  );
});

Deno.test("tableText() draws the columns that are asked for", () => {
  strictEqual(
    tableText({ x: { a: 1, b: 2 } }, ["b", "none"]),
    `┌───────┬───┬──────┐
│ (idx) │ b │ none │
├───────┼───┼──────┤
│ x     │ 2 │      │
└───────┴───┴──────┘`,
  );
});

Deno.test("tableText() draws maps and sets", () => {
  const rows = [tableText(new Map([["k", "v"]])), tableText(new Set(["v"]))];

  deepStrictEqual(rows.map((text) => text?.split("\n")[3]), [
    "│ k     │ v      │",
    "│ 0     │ v      │",
  ]);
});

Deno.test("tableText() keeps a cell on one line", () => {
  ok(tableText([{ a: "x\ny" }])?.split("\n").length === 5);
});

Deno.test("tableText() is undefined for what has no rows, or a trap that throws", () => {
  const trap = new Proxy({}, {
    ownKeys: () => {
      throw new Error("trap");
    },
  });

  deepStrictEqual(
    [1, "a", null, undefined, trap].map((value) => tableText(value)),
    Array(5).fill(undefined),
  );
});

Deno.test("tableText() draws at most 1,000 rows and 50 columns", () => {
  const wide = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`c${i}`, i]));
  const text = tableText(Array(2_000).fill(wide)) ?? "";

  deepStrictEqual([text.split("\n").length, text.split("\n")[1].split("│").length], [1_004, 53]);
});
