import { deepStrictEqual, strictEqual, throws } from "assert";
import { z } from "zod";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { invalidRequest, parseInput } from "../../src/http/invalid_request.ts";

const schema = z.strictObject({
  code: z.string().max(3),
  timeoutMs: z.int().max(5).optional(),
});

Deno.test("invalidRequest() tells the first finding in its message, and how many more there are", () => {
  const issues = [{ path: "code", message: "must be a string" }, { path: "", message: "is odd" }];

  const both = invalidRequest("Cannot start a run", issues);
  const whole = invalidRequest("Cannot start a run", issues.slice(1));

  deepStrictEqual([both.code, both.issues], ["invalid_request", issues]);
  strictEqual(both.message, 'Cannot start a run: "code" must be a string (and 1 more)');
  strictEqual(whole.message, "Cannot start a run: is odd");
});

Deno.test("invalidRequest() without a finding is a mistake of the caller", () => {
  throws(() => invalidRequest("Cannot start a run", []), RangeError);
});

Deno.test("parseInput() gives what fits, and every finding of what does not", () => {
  deepStrictEqual(parseInput({ code: "1" }, schema, "Cannot start a run"), { code: "1" });
  throws(
    () => parseInput({ code: "s3cret", timeoutMs: 9, timeoutms: 1 }, schema, "Cannot start a run"),
    (error) => {
      if (!(error instanceof AirlockError)) return false;
      deepStrictEqual(error.issues, [
        { path: "code", message: "must be at most 3 characters long" },
        { path: "timeoutMs", message: "must be at most 5" },
        { path: "timeoutms", message: 'is not a known key; nearest is "timeoutMs"' },
      ]);
      strictEqual(error.message.includes("s3cret"), false);
      return error.code === "invalid_request";
    },
  );
});

Deno.test("parseInput() refuses what is no object at all", () => {
  for (const value of [undefined, null, [], "code"]) {
    throws(() => parseInput(value, schema, "Cannot start a run"), {
      message: "Cannot start a run: must be an object",
    });
  }
});
