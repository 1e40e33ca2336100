import { match, ok, strictEqual } from "assert";
import { reportText } from "../../src/prompts/report_text.ts";
import type { CallItem } from "../../src/runs/report.ts";
import { makeReport } from "../mcp_server/fake_runs.ts";

Deno.test("reportText() shows state, result, logs and calls of a run that succeeded", () => {
  const call = (seq: number, tool: string, status: CallItem["status"]) => ({
    seq,
    tool,
    status,
    ms: 1,
  });
  const text = reportText(makeReport({
    result: { a: 1 },
    logs: [{ level: "log", text: "hello", ms: 1 }, { level: "warn", text: "hm", ms: 2 }],
    calls: [call(1, "shop.a", "ok"), call(2, "shop.a", "failed"), call(3, "mail.b", "ok")],
    truncated: { logs: 99 },
  }));

  strictEqual(
    text,
    `Run run_1 succeeded after 12 ms.

Result:
{
 "a": 1
}

Logs:
hello
[warn] hm
(the code logged 99 bytes in all)

Calls: shop.a 1 ok, 1 failed; mail.b 1 ok`,
  );
});

Deno.test("reportText() shows why and where a run failed, with the hint", () => {
  const text = reportText(makeReport({
    status: "failed",
    error: {
      code: "type_error",
      message: "Property is missing",
      line: 2,
      column: 5,
      tool: "shop.a",
      hint: "Use shop.b",
      diagnostics: [{ line: 2, column: 5, message: "no", hint: "yes" }],
    },
  }));

  strictEqual(
    text,
    `Run run_1 failed after 12 ms.

Error (type_error) at line 2, column 5: Property is missing
Tool: shop.a
Hint: Use shop.b
Diagnostics:
  2:5 no (yes)`,
  );
});

Deno.test("reportText() says how to go on with a run that has not ended", () => {
  match(reportText(makeReport({ status: "waiting" })), /approve.*wait with run_id "run_1"/);
  match(reportText(makeReport({ status: "running" })), /still running.*run_id "run_1"/);
});

Deno.test("reportText() is bounded and says what was cut", () => {
  const text = reportText(makeReport({
    result: "x".repeat(1_000_000),
    logs: Array.from(
      { length: 9000 },
      (_, ms) => ({ level: "log" as const, text: "y".repeat(99), ms }),
    ),
    calls: Array.from({ length: 300 }, (_, seq) => ({
      seq,
      tool: `t.${seq}`,
      status: "ok" as const,
      ms: 0,
    })),
    warnings: Array.from({ length: 99 }, (_, line) => ({ line, column: 1, message: "w" })),
  }));

  ok(text.length < 50_000, `${text.length} characters`);
  match(text, /the first 30000 of 1000000 characters/);
  match(text, /the first 12000 of 899999 characters/);
  match(text, /and 280 more tools/);
  match(text, /and 89 more/);
});

Deno.test("reportText() writes hidden characters out", () => {
  const text = reportText(makeReport({
    result: "a\u200bb",
    logs: [{ level: "log", text: "\u001b[2J", ms: 0 }],
  }));

  match(text, /a\\u200bb/);
  match(text, /\\u001b\[2J/);
});
