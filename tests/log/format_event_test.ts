import { deepStrictEqual, strictEqual } from "assert";
import fc from "fast-check";
import { formatJson, formatText } from "../../src/log/format_event.ts";
import type { LogEvent } from "../../src/log/format_event.ts";

Deno.test("formatText() quotes what is not one plain word", () => {
  const line = formatText(
    event({ fields: { tool: "shop.top", text: "a b", n: 1, gone: undefined } }),
  );

  strictEqual(line, '00:00:01.500 WARN  mcp: tool changed tool=shop.top text="a b" n=1');
});

Deno.test("formatJson() lets no field stand for the level or the message", () => {
  const line = formatJson(event({ fields: { level: "error", message: "no", at: 1 } }));

  deepStrictEqual(JSON.parse(line), {
    at: "1970-01-01T00:00:01.500Z",
    level: "warn",
    room: "mcp",
    message: "tool changed",
  });
});

Deno.test("formatJson() and formatText() keep any event on one line without control characters", () => {
  const hostile = fc.string({ unit: "binary", maxLength: 40 });
  const control = /[\p{Cc}\u2028\u2029\u202e\u200b]/u;
  const property = fc.property(hostile, hostile, hostile, (message, name, value) => {
    const written = event({ message, fields: { [name]: value, list: [{ [value]: name }] } });
    const [json, text] = [formatJson(written), formatText(written)];
    return !control.test(json) && !control.test(text) && typeof JSON.parse(json) === "object";
  });

  fc.assert(property, {
    examples: [["\x1b[2J\n", "a\r\nb", "\u202eevil\u2028\x9b31m"]],
  });
});

function event(overrides: Partial<LogEvent>): LogEvent {
  return {
    at: 1_500,
    level: "warn",
    room: "mcp",
    message: "tool changed",
    fields: {},
    ...overrides,
  };
}
