import { deepStrictEqual, rejects, strictEqual } from "assert";
import { type CallRecord, type DispatchDeps, dispatchToolCall } from "../../src/bridge/dispatch.ts";
import { hashJson } from "../../src/hashing/hash_json.ts";
import type { Tool } from "../../src/catalog/tool.ts";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { localPrincipal } from "../../src/grants/principal.ts";
import { makeGrant, type ToolCall } from "../../src/grants/signed_call.ts";

const tool: Tool = {
  name: "weather.now",
  server: "weather",
  tool: "now",
  namespace: "weather",
  member: "now",
  inputSchema: { type: "object" },
  hash: "h",
};
const call: ToolCall = { seq: 1, tool: "weather.now", args: { city: "Bern" } };
const grant = makeGrant({
  id: "grt_1",
  run: "run_1",
  principal: localPrincipal,
  tool,
  simulated: false,
});
const signal = new AbortController().signal;
const options = { maxAnswerBytes: 100, signal };

Deno.test("dispatchToolCall() answers a granted call with the tool's value, and records it", async () => {
  const { deps, records } = fakeDeps();

  const answer = await dispatchToolCall(call, deps, options);

  deepStrictEqual(answer, { outcome: "ok", answer: { json: '{"degrees":21}' } });
  deepStrictEqual(records.map(({ outcome, answerHash }) => [outcome, answerHash]), [
    ["ok", hashJson({ degrees: 21 })],
  ]);
});

Deno.test("dispatchToolCall() records a refused call and never invokes it", async () => {
  const { deps, records, seen } = fakeDeps({
    authorize: () => {
      throw new AirlockError("tool_denied", 'Cannot call "weather.now"');
    },
  });

  const { answer } = await dispatchToolCall(call, deps, options);

  deepStrictEqual(seen, ["recorded"]);
  strictEqual(records[0].outcome, "denied");
  strictEqual("fault" in answer && answer.fault.code, "tool_denied");
});

Deno.test("dispatchToolCall() refuses arguments that do not fit, and asks nobody", async () => {
  const { deps, records, seen } = fakeDeps({
    validate: () => [{ path: "city", message: "must be a string" }],
    authorize: () => ({ type: "ask", tool, reason: "policy", approve: () => grant }),
  });

  const { answer } = await dispatchToolCall(call, deps, options);

  deepStrictEqual(seen, ["recorded"]);
  strictEqual(records[0].outcome, "denied");
  deepStrictEqual(
    "fault" in answer && answer.fault.message,
    'Cannot call "weather.now": city: must be a string',
  );
});

Deno.test("dispatchToolCall() asks before it invokes where the policy says so", async () => {
  const { deps, seen } = fakeDeps({
    authorize: () => ({ type: "ask", tool, reason: "policy", approve: () => grant }),
  });

  await dispatchToolCall(call, deps, options);

  deepStrictEqual(seen, ["asked", "invoked", "recorded"]);
});

Deno.test("dispatchToolCall() does not invoke a simulated call", async () => {
  const simulated = makeGrant({ ...grant.claims, simulated: true });
  const { deps, seen } = fakeDeps({ authorize: () => ({ type: "granted", grant: simulated }) });

  const { answer } = await dispatchToolCall(call, deps, options);

  deepStrictEqual(seen, ["recorded"]);
  deepStrictEqual(answer, { json: '{"simulated":true,"tool":"weather.now"}' });
});

Deno.test("dispatchToolCall() says unknown of a call whose fate is unknown", async () => {
  const { deps, records } = fakeDeps({
    invoke: () => Promise.reject(new AirlockError("outcome_unknown", "Cannot tell")),
  });

  await dispatchToolCall(call, deps, options);

  strictEqual(records[0].outcome, "unknown");
});

Deno.test("dispatchToolCall() says unknown of a call that the end of its run cut off", async () => {
  const stop = new AbortController();
  const { deps, records } = fakeDeps({
    invoke: () => {
      stop.abort();
      return Promise.reject(new Error("aborted"));
    },
  });

  const { outcome } = await dispatchToolCall(call, deps, { ...options, signal: stop.signal });

  deepStrictEqual([outcome, records[0].outcome], ["unknown", "unknown"]);
});

Deno.test("dispatchToolCall() withholds an answer that is too large", async () => {
  const { deps, records } = fakeDeps({ invoke: () => Promise.resolve("x".repeat(200)) });

  const { answer } = await dispatchToolCall(call, deps, options);

  strictEqual("fault" in answer && answer.fault.code, "output_limit");
  strictEqual(records[0].outcome, "failed");
});

Deno.test("dispatchToolCall() hands on no text of an error that is not ours", async () => {
  const { deps } = fakeDeps({ invoke: () => Promise.reject(new Error("secret at /etc/x")) });

  const { answer } = await dispatchToolCall(call, deps, options);

  strictEqual(
    "fault" in answer && answer.fault.message,
    'Cannot call "weather.now": internal error',
  );
});

Deno.test("dispatchToolCall() throws where the receipt is lost", async () => {
  const { deps } = fakeDeps({ record: () => Promise.reject(new Error("disk full")) });

  await rejects(dispatchToolCall(call, deps, options), /disk full/);
});

function fakeDeps(overrides: Partial<DispatchDeps> = {}) {
  const seen: string[] = [];
  const records: CallRecord[] = [];
  const deps: DispatchDeps = {
    authorize: () => ({ type: "granted", grant }),
    validate: () => [],
    ask: () => Promise.resolve(void seen.push("asked")),
    invoke: () => {
      seen.push("invoked");
      return Promise.resolve({ degrees: 21 });
    },
    record: (record) => {
      seen.push("recorded");
      records.push(record);
      return Promise.resolve();
    },
    ...overrides,
  };
  return { deps, seen, records };
}
