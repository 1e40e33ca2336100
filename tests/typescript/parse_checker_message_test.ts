import { deepStrictEqual, strictEqual } from "assert";
import fc from "fast-check";
import { parseCheckerMessage } from "../../src/typescript/parse_checker_message.ts";

Deno.test("parseCheckerMessage() reads what a checker says", () => {
  const finding = { kind: "remark", line: 1, column: 2, message: "x" };
  const message = { type: "checked", findings: [finding] };

  deepStrictEqual(parseCheckerMessage(JSON.stringify(message)), message);
});

const wrong: [name: string, text: string][] = [
  ["no JSON", "{"],
  ["an unknown type", '{"type":"other"}'],
  ["a further field", '{"type":"ready","x":1}'],
  [
    "a line that is none",
    '{"type":"checked","findings":[{"kind":"remark","line":0,"column":1,"message":""}]}',
  ],
  [
    "too long a message",
    JSON.stringify({
      type: "checked",
      findings: [{ kind: "remark", line: 1, column: 1, message: "x".repeat(3_000) }],
    }),
  ],
  [
    "too many findings",
    JSON.stringify({
      type: "checked",
      findings: Array(101).fill({ kind: "remark", line: 1, column: 1, message: "" }),
    }),
  ],
];
for (const [name, text] of wrong) {
  Deno.test(`parseCheckerMessage() gives nothing for ${name}`, () => {
    strictEqual(parseCheckerMessage(text), undefined);
  });
}

Deno.test("parseCheckerMessage() never throws", () => {
  fc.assert(fc.property(fc.json(), (text) => {
    strictEqual(parseCheckerMessage(text), undefined);
  }));
});
