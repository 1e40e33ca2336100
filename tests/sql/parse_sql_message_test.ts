import { deepStrictEqual, strictEqual } from "assert";
import fc from "fast-check";
import { parseSqlMessage } from "../../src/sql/parse_sql_message.ts";

const answered = {
  type: "answered",
  columns: ["id", "data"],
  rows: [{ id: 1, data: { base64: "AP8=" } }, { id: "9007199254740993", data: null }],
  changes: 2,
  size: 8_192,
  written: { kind: "changes", bytes: "AP8=" },
};

Deno.test("parseSqlMessage() reads each kind of message", () => {
  const messages = [
    { type: "ready" },
    { type: "opened", size: 4_096 },
    answered,
    { type: "refused", code: "tool_failed", message: "no such table: t" },
    { type: "unknown" },
  ];

  deepStrictEqual(messages.map((message) => parseSqlMessage(JSON.stringify(message))), messages);
});

const hostile: [name: string, text: string][] = [
  ["no JSON", "{"],
  ["another type", '{"type":"evil"}'],
  ["more than is asked", '{"type":"ready","x":1}'],
  ["a code of its own", '{"type":"refused","code":"internal","message":"x"}'],
  [
    "a long message",
    JSON.stringify({ type: "refused", code: "tool_failed", message: "x".repeat(501) }),
  ],
  ["rows too many", JSON.stringify({ ...answered, rows: Array(10_001).fill({}) })],
  ["a value with depth", JSON.stringify({ ...answered, rows: [{ a: { b: 1 } }] })],
  [
    "bytes that are no base64",
    JSON.stringify({ ...answered, written: { kind: "changes", bytes: "-" } }),
  ],
  ["a size beyond all databases", JSON.stringify({ ...answered, size: 1e12 })],
  ["JSON too deep", `${"[".repeat(1_000)}${"]".repeat(1_000)}`],
];
for (const [name, text] of hostile) {
  Deno.test(`parseSqlMessage() takes nothing from ${name}`, () => {
    strictEqual(parseSqlMessage(text), undefined);
  });
}

Deno.test("parseSqlMessage() never throws", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
    strictEqual(parseSqlMessage(text)?.type === "answered", false);
  }));
});
