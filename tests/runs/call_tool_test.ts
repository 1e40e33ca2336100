import { deepStrictEqual, rejects, strictEqual } from "assert";
import type { Tool } from "../../src/catalog/tool.ts";
import { makeGrant } from "../../src/grants/signed_call.ts";
import type { CallRecord } from "../../src/bridge/dispatch.ts";
import { localPrincipal } from "../../src/grants/principal.ts";
import { defaultLimits } from "../../src/config/defaults.ts";
import { Admission } from "../../src/runs/admission.ts";
import {
  callTool,
  type CallToolDeps,
  type DirectCallOptions,
  endingOf,
} from "../../src/runs/call_tool.ts";
import { RunRecord } from "../../src/runs/run_record.ts";

const tool: Tool = {
  name: "shop.get",
  server: "shop",
  tool: "get",
  namespace: "shop",
  member: "get",
  inputSchema: {},
  hash: "hash",
};
const call = { tool: "shop.get", args: { id: 1 } };

Deno.test("callTool() answers, records and counts one call", async () => {
  const { record, deps, recorded } = fakeRun();

  const { answer } = await callTool(record, call, { deps, options: options({ ok: true }) });

  deepStrictEqual(answer, { json: '{"ok":true}' });
  deepStrictEqual(recorded.map(({ outcome }) => outcome), ["ok"]);
  const { calls, usage } = record.report;
  deepStrictEqual(calls.map(({ seq, status }) => [seq, status]), [[1, "ok"]]);
  deepStrictEqual([usage.calls, usage.argumentBytes, usage.answerBytes], [1, 8, 11]);
});

Deno.test("callTool() counts an answer that says it failed as failed, and gives it all the same", async () => {
  const { record, deps, recorded } = fakeRun();
  const given = { ...options({ isError: true }), isFailure: () => true };

  const answer = callTool(record, call, { deps, options: given });

  deepStrictEqual((await answer).answer, { json: '{"isError":true}' });
  deepStrictEqual(recorded.map(({ outcome }) => outcome), ["failed"]);
  strictEqual((await endingOf(answer, "shop.get", given.signal)).status, "failed");
});

Deno.test("callTool() refuses arguments that are too large before anything happens", async () => {
  const { record, deps, recorded } = fakeRun();
  const large = { tool: "shop.get", args: { id: "x".repeat(deps.limits.argumentBytes) } };

  await rejects(callTool(record, large, { deps, options: options(null) }), { code: "too_large" });

  deepStrictEqual([recorded, record.report.calls], [[], []]);
});

Deno.test("endingOf() says that a call was cancelled", async () => {
  const { record, deps } = fakeRun();
  const stop = new AbortController();
  const given: DirectCallOptions = {
    signal: stop.signal,
    invoke: () => {
      stop.abort();
      return Promise.reject(new Error("cut off"));
    },
  };

  const ending = await endingOf(
    callTool(record, call, { deps, options: given }),
    "shop.get",
    stop.signal,
  );

  deepStrictEqual([ending.status, ending.error?.code], ["cancelled", "cancelled"]);
});

function options(answer: null | Record<string, boolean>): DirectCallOptions {
  return { signal: new AbortController().signal, invoke: () => Promise.resolve(answer) };
}

function fakeRun(): { record: RunRecord; deps: CallToolDeps; recorded: CallRecord[] } {
  const recorded: CallRecord[] = [];
  const claims = { id: "g", run: "run_1", principal: localPrincipal, tool, simulated: false };
  const deps: CallToolDeps = {
    admission: new Admission({ maxConcurrent: 1, queue: 1 }),
    limits: defaultLimits,
    ask: () => Promise.reject(new Error("nobody asks")),
    tools: {
      namespaces: [],
      query: () => Promise.resolve(null),
      dispatch: {
        authorize: () => ({ type: "granted", grant: makeGrant(claims) }),
        validate: () => [],
        invoke: () => Promise.reject(new Error("not this one")),
      },
      hasSql: false,
      noteAnswer: () => {},
      mayAsk: () => false,
      record: (one) => Promise.resolve(void recorded.push(one)),
    },
  };
  return { record: new RunRecord("run_1", "local", 0), deps, recorded };
}
