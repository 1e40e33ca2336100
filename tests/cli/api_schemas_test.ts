import { deepStrictEqual, strictEqual } from "assert";
import { runReport, serverPage, toolPage } from "../../src/cli/api_schemas.ts";
import { makeReport } from "../mcp_server/fake_runs.ts";

Deno.test("runReport keeps everything a report may hold", () => {
  const report = makeReport({
    status: "failed",
    result: { deep: [null, { "": 1 }] },
    content: [{ type: "image", mimeType: "image/png", data: "" }],
    error: {
      code: "tool_failed",
      name: "ToolError",
      message: "no",
      line: 1,
      column: 2,
      tool: "shop.a",
      hint: "h",
      diagnostics: [{ line: 1, column: 1, message: "m", hint: "h" }],
    },
    warnings: [{ line: 1, column: 1, message: "m" }],
    logs: [{ level: "debug", text: "t", ms: 1 }],
    calls: [{ seq: 1, tool: "shop.a", status: "unknown", ms: 1 }],
    truncated: { logs: 5 },
  });

  deepStrictEqual(runReport.parse(structuredClone(report)), report);
});

Deno.test("api schemas take fields of later versions and refuse other shapes", () => {
  strictEqual(runReport.safeParse({ ...makeReport(), later: 1 }).success, true);
  strictEqual(runReport.safeParse({ ...makeReport(), status: "exploded" }).success, false);
  strictEqual(toolPage.safeParse({ items: [{ name: "a" }] }).success, false);
  strictEqual(serverPage.safeParse({ items: "none" }).success, false);
});
