import { deepStrictEqual, strictEqual } from "assert";
import { defaultLimits } from "../../src/config/defaults.ts";
import { maxRunBodyBytes, runBodySchema, toRunRequest } from "../../src/http/run_body.ts";

Deno.test("runBodySchema() knows a limit for each configured one, and its largest value", () => {
  const schema = runBodySchema(defaultLimits);

  const largest = schema.safeParse({ code: "", ...defaultLimits });
  const findings = Object.entries(defaultLimits).map(([name, max]) => {
    return schema.safeParse({ code: "", [name]: max + 1 }).error?.issues[0].path[0];
  });

  strictEqual(largest.success, true);
  deepStrictEqual(findings, Object.keys(defaultLimits));
});

Deno.test("runBodySchema() waits unless told otherwise, and takes any input", () => {
  const schema = runBodySchema(defaultLimits);

  const body = schema.parse({ code: "", input: [{ a: null }] });

  deepStrictEqual(body, { code: "", input: [{ a: null }], wait: true });
});

Deno.test("toRunRequest() puts the limits together and leaves wait out", () => {
  const rest = { code: "1", tools: ["a.*"], input: 1, check: true, durable: false };

  const request = toRunRequest({ ...rest, wait: false, calls: 2, logBytes: 3 });

  deepStrictEqual(request, { ...rest, limits: { calls: 2, logBytes: 3 } });
});

Deno.test("maxRunBodyBytes() leaves room for code of which each byte is escaped", () => {
  const code = "\u0001".repeat(defaultLimits.codeBytes);

  strictEqual(JSON.stringify({ code }).length < maxRunBodyBytes(defaultLimits), true);
});
