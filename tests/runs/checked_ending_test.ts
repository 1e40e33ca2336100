import { deepStrictEqual, strictEqual } from "assert";
import { checkedEnding, refusedEnding } from "../../src/runs/checked_ending.ts";
import type { RunEnding } from "../../src/runs/report.ts";

const remark = { line: 2, column: 1, message: "Odd" };
const fault = { line: 1, column: 5, message: "Cannot find name 'a'", hint: "Did you mean b?" };
const done: RunEnding = { status: "succeeded", result: 1 };

Deno.test("refusedEnding() ends a run with the first error, and lists all", () => {
  const errors = [fault, { ...fault, line: 3 }];

  deepStrictEqual(refusedEnding({ errors, warnings: [remark], syntax: [] }), {
    status: "failed",
    error: { code: "type_error", ...fault, diagnostics: errors },
    warnings: [remark],
  });
});

Deno.test("refusedEnding() lets code run that is merely odd", () => {
  strictEqual(refusedEnding({ errors: [], warnings: [remark], syntax: [remark] }), undefined);
});

Deno.test("checkedEnding() leaves an ending as it is where there is nothing to say", () => {
  strictEqual(checkedEnding(done, { errors: [], warnings: [], syntax: [] }), done);
});

Deno.test("checkedEnding() adds the warnings", () => {
  deepStrictEqual(checkedEnding(done, { errors: [], warnings: [remark], syntax: [] }), {
    ...done,
    warnings: [remark],
  });
});

Deno.test("checkedEnding() says that code was not checked which only the host could read", () => {
  deepStrictEqual(checkedEnding(done, { errors: [], warnings: [], syntax: [remark] }), {
    ...done,
    warnings: [{ ...remark, message: "The code was not type-checked: Odd" }],
  });
});

Deno.test("checkedEnding() gives details of a syntax error of the host", () => {
  const ending: RunEnding = {
    status: "failed",
    error: { code: "syntax_error", message: "Unexpected token", line: 2, column: 1 },
  };

  deepStrictEqual(checkedEnding(ending, { errors: [], warnings: [], syntax: [remark] }), {
    status: "failed",
    error: { ...ending.error, diagnostics: [remark] },
  });
});
