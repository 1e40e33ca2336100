import { deepStrictEqual, rejects, strictEqual, throws } from "assert";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import type { Json } from "../../src/protocol/json.ts";
import { makeCall, serverOf } from "../../src/servers/make_call.ts";
import { UpstreamError, type UpstreamFailure } from "../../src/servers/upstream_error.ts";
import { signal, signedCall } from "../mcp/fixtures/upstream_fixtures.ts";

const risky = signedCall("s", { name: "risky", inputSchema: true });
const safe = signedCall("s", {
  name: "safe",
  inputSchema: true,
  annotations: { readOnlyHint: true },
});

Deno.test("makeCall() tries once more what was not sent, and what may be repeated", async () => {
  deepStrictEqual(await attempt(risky, ["unsent"]), ["answer", 2]);
  deepStrictEqual(await attempt(safe, ["lost"]), ["answer", 2]);
  deepStrictEqual(await attempt(risky, ["lost"]), ["outcome_unknown", 1]);
  deepStrictEqual(await attempt(safe, ["lost", "lost"]), ["tool_failed", 2]);
  deepStrictEqual(await attempt(safe, ["timed_out"]), ["tool_failed", 1]);
  deepStrictEqual(await attempt(risky, ["timed_out"]), ["outcome_unknown", 1]);
  deepStrictEqual(await attempt(risky, ["failed"]), ["tool_failed", 1]);
});

Deno.test("makeCall() makes no call that was cancelled, and hands on what is for the caller", async () => {
  deepStrictEqual(await attempt(risky, [], AbortSignal.abort()), ["cancelled", 0]);
  const error = new AirlockError("invalid_arguments", "Cannot send it: no");
  await rejects(
    makeCall(risky, { signal }, { ...deps, attempt: () => Promise.reject(error) }),
    error,
  );
});

Deno.test("makeCall() gives the words of the tool as they are, and its own with the tool's name", async () => {
  const failing = (kind: UpstreamFailure) =>
    makeCall(risky, { signal }, {
      ...deps,
      attempt: () => Promise.reject(new UpstreamError(kind, "it said no")),
    });

  await rejects(failing("failed"), { message: "IT SAID NO" });
  await rejects(failing("refused"), { message: 'Cannot call "s.risky": IT SAID NO' });
});

Deno.test("serverOf() finds the server of a signed call alone", () => {
  strictEqual(serverOf(risky, new Map([["s", 1]])), 1);
  throws(() => serverOf({ ...risky }, new Map([["s", 1]])), TypeError);
  throws(() => serverOf(risky, new Map()), { code: "tool_failed" });
});

const deps = {
  sort: (error: unknown) =>
    error instanceof UpstreamError ? error : new UpstreamError("lost", "unknown"),
  toWords: (text: string) => text.toUpperCase(),
};

/** How a call ends whose attempts fail in these ways before one succeeds, and how many there were. */
async function attempt(
  call: typeof risky,
  failures: UpstreamFailure[],
  by: AbortSignal = signal,
): Promise<[Json, number]> {
  let attempts = 0;
  const outcome = await makeCall(call, { signal: by }, {
    ...deps,
    attempt: () => {
      const kind = failures[attempts++];
      return kind === undefined
        ? Promise.resolve("answer")
        : Promise.reject(new UpstreamError(kind, "words"));
    },
  }).catch((error: unknown) => error instanceof AirlockError ? error.code : "other");
  return [outcome, attempts];
}
