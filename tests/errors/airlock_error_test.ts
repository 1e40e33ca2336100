import { deepStrictEqual, ok, strictEqual } from "assert";
import { AirlockError } from "../../src/errors/airlock_error.ts";

Deno.test("AirlockError carries its code, findings, hint and cause", () => {
  const cause = new Error("why");
  const issues = [{ path: "limits.calls", message: "too many" }];

  const error = new AirlockError("queue_full", "Cannot start a run: the queue is full", {
    cause,
    issues,
    hint: "Try later",
    retryAfterSeconds: 2,
  });

  ok(error instanceof Error);
  strictEqual(`${error}`, "AirlockError: Cannot start a run: the queue is full");
  const { code, hint, retryAfterSeconds } = error;
  deepStrictEqual({ code, hint, retryAfterSeconds, cause: error.cause, issues: error.issues }, {
    code: "queue_full",
    hint: "Try later",
    retryAfterSeconds: 2,
    cause,
    issues,
  });
});

Deno.test("AirlockError has no findings where none were given", () => {
  const { issues, hint, cause } = new AirlockError("not_found", 'Cannot find run "x"');

  deepStrictEqual({ issues, hint, cause }, { issues: [], hint: undefined, cause: undefined });
});
