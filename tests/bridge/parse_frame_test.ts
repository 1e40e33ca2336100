import { deepStrictEqual, strictEqual } from "assert";
import fc from "fast-check";
import { parseFrame } from "../../src/bridge/parse_frame.ts";
import type { HostMessage } from "../../src/protocol/messages.ts";

const messages: HostMessage[] = [
  { type: "prepared" },
  { type: "closed" },
  { type: "idle" },
  { type: "log", level: "warn", text: "a\u2028b", ms: 0.5 },
  { type: "progress", done: 1, total: 2, text: "half" },
  { type: "emit", block: { type: "text", text: "x" } },
  { type: "tool_call", callId: 1, tool: "shop.reviews", args: { id: "p1" } },
  { type: "bad_call", callId: 2, tool: "shop.reviews", reason: "a cycle" },
  { type: "query", callId: 3, query: "search", args: { query: "reviews" } },
  { type: "done", logBytes: 0 },
  { type: "done", result: null, logBytes: 3 },
  {
    type: "failed",
    fault: { code: "thrown", name: "E", message: "m", line: 1, column: 2 },
    logBytes: 0,
  },
];

for (const message of messages) {
  Deno.test(`parseFrame() reads ${JSON.stringify(message).slice(0, 60)}`, () => {
    deepStrictEqual(parseFrame(JSON.stringify(message)), message);
  });
}

const refused: [name: string, text: string][] = [
  ["no JSON", "{"],
  ["no object", "[1]"],
  ["an unknown type", '{"type":"shutdown"}'],
  ["an inherited type", '{"type":"constructor"}'],
  ["a number as type", '{"type":1}'],
  ["a field too many", '{"type":"idle","extra":1}'],
  ["a field too few", '{"type":"tool_call","callId":1,"tool":"x"}'],
  ["a call id that is none", '{"type":"tool_call","callId":-1,"tool":"x","args":{}}'],
  ["a fraction as call id", '{"type":"tool_call","callId":1.5,"tool":"x","args":{}}'],
  [
    "a tool name that is too long",
    `{"type":"tool_call","callId":1,"tool":"${"x".repeat(2_000)}","args":{}}`,
  ],
  ["an unknown level", '{"type":"log","level":"fatal","text":"","ms":0}'],
  ["a time before the run", '{"type":"log","level":"log","text":"","ms":-1}'],
  [
    "a value nested too deep",
    `{"type":"done","result":${"[".repeat(200)}${"]".repeat(200)},"logBytes":0}`,
  ],
  ["a name that changes prototypes", '{"type":"idle","__proto__":{}}'],
];
for (const [name, text] of refused) {
  Deno.test(`parseFrame() refuses ${name}`, () => {
    strictEqual(parseFrame(text), undefined);
  });
}

Deno.test("parseFrame() neither throws nor takes anything in, whatever the text", () => {
  const kinds = fc.constantFrom(...messages.map(({ type }) => type), "x");
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.tuple(kinds, fc.dictionary(fc.string(), fc.jsonValue())).map(([type, rest]) =>
      JSON.stringify({ ...rest, type, [" "]: 0 })
    ),
  );
  fc.assert(
    fc.property(text, (sent) => strictEqual(parseFrame(sent), undefined)),
    { numRuns: 5_000 },
  );
});

Deno.test("parseFrame() takes a mutilated message only where it still is one", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...messages),
      fc.nat(),
      fc.string({ maxLength: 2 }),
      (m, at, put) => {
        const text = JSON.stringify(m);
        const index = at % text.length;
        const parsed = parseFrame(text.slice(0, index) + put + text.slice(index + 1));
        if (parsed !== undefined) {
          strictEqual(
            messages.some(({ type }) => type === parsed.type),
            true,
          );
        }
      },
    ),
    { numRuns: 5_000 },
  );
});
