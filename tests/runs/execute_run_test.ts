import { deepStrictEqual, ok, strictEqual } from "assert";
import { decodeJwt } from "jose";
import { defaultLimits } from "../../src/config/defaults.ts";
import { executeRun } from "../../src/runs/execute_run.ts";
import type { RunEnding } from "../../src/runs/report.ts";
import type { SandboxAnswer } from "../../src/sandbox/host_process.ts";
import { acceptedRun, openRealRuns } from "./real_runs.ts";

Deno.test("executeRun() carries code out and keeps what it said, called and used", async () => {
  await using runs = await openRealRuns();
  const run = acceptedRun(`console.log("hi"); emit({ type: "text", text: "t" });
    emit(1); return [input, await shop.reviews({ id: "p1" })]`);
  run.request.input = { a: 1 };

  const ending = await endRun(run, runs.deps);

  const { logs, calls, content, usage, status } = run.record.report;
  deepStrictEqual(ending, { status: "succeeded", result: [{ a: 1 }, { id: "p1" }] });
  strictEqual(status, "running");
  deepStrictEqual(logs.map(({ text }) => text), ["hi"]);
  deepStrictEqual(content, [{ type: "text", text: "t" }]);
  deepStrictEqual(calls.map(({ tool, status }) => [tool, status]), [["shop.reviews", "ok"]]);
  deepStrictEqual([usage.calls, usage.argumentBytes, usage.answerBytes], [1, 11, 11]);
  ok(usage.wallMs >= usage.startMs && usage.startMs > 0);
});

Deno.test("executeRun() tells code why a call was refused, and puts the refusal on record", async () => {
  await using runs = await openRealRuns({ rules: [{ tool: "crm.*", effect: "ask" }] });
  const run = acceptedRun(`const calls = [() => shop.reviews("text"), () => shop.rewiews({}),
      () => shop.reviews({ id: 1n }), () => crm.find({})];
    const codes = [];
    for (const call of calls) codes.push(await call().catch(({ code }) => code));
    return codes`);

  const { result } = await endRun(run, runs.deps);
  const receipts = await runs.deps.receipts("local", "run_1");

  deepStrictEqual(result, [
    "invalid_arguments",
    "tool_unknown",
    "invalid_arguments",
    "tool_denied",
  ]);
  deepStrictEqual(run.record.report.calls.map(({ status }) => status), Array(4).fill("denied"));
  deepStrictEqual(receipts.map((receipt) => decodeJwt(receipt).outcome), Array(4).fill("denied"));
});

Deno.test("executeRun() refuses arguments above the run's own limit, whatever host sent them", async () => {
  await using runs = await openRealRuns();
  const limits = { ...defaultLimits, argumentBytes: 100 };
  const run = acceptedRun("", { limits });
  const answers: SandboxAnswer[] = [];
  const clock = { hold: () => {}, release: () => {} };
  const sandbox: typeof runs.deps.sandbox = async (_principal, _run, to) => {
    const args = { id: "x".repeat(100) };
    answers.push(await to.call({ tool: "shop.reviews", args }, clock));
    return { end: { type: "done" }, logBytes: 0, cpuMs: 0, peakMemoryMb: 0, isClean: true };
  };

  await endRun(run, { ...runs.deps, sandbox });

  const [answer] = answers;
  strictEqual(answer.type === "tool_error" && answer.fault.code, "invalid_arguments");
  deepStrictEqual(run.record.report.calls.map(({ status }) => status), ["denied"]);
});

Deno.test("executeRun() cuts calls off that are under way when the code ends, as unknown", async () => {
  await using runs = await openRealRuns({ tools: { slow: waitUntilCut } });
  const run = acceptedRun("void shop.slow({}); return 1");

  const ending = await endRun(run, runs.deps);
  const [receipt] = await runs.deps.receipts("local", "run_1");

  deepStrictEqual(ending, { status: "succeeded", result: 1 });
  deepStrictEqual(run.record.report.calls.map(({ status }) => status), ["unknown"]);
  strictEqual(decodeJwt(receipt).outcome, "unknown");
});

Deno.test("executeRun() keeps an answer from the code whose receipt was lost", async () => {
  const append = () => Promise.reject(new Error("The database is gone"));
  await using runs = await openRealRuns({ toolsDeps: { openReceipts: () => ({ append }) } });
  const run = acceptedRun("return await shop.reviews({ id: 's3cret' })");

  const { status, error, result } = await endRun(run, runs.deps);

  deepStrictEqual([status, error?.code, result], ["failed", "tool_failed", undefined]);
  strictEqual(error?.message, 'Cannot call "shop.reviews": internal error');
  strictEqual(run.record.report.calls[0].status, "unknown");
});

Deno.test("executeRun() begins no code that the check refuses, and none that it need not check", async () => {
  const errors = [{ line: 1, column: 1, message: "Surely wrong" }];
  const checkCode = () => Promise.resolve({ errors, warnings: [], syntax: [] });
  await using runs = await openRealRuns({ toolsDeps: { checkCode } });
  const unchecked = acceptedRun("return 1");
  unchecked.request.check = false;

  const refused = await endRun(acceptedRun("return 1"), runs.deps);
  const { result } = await endRun(unchecked, runs.deps);

  deepStrictEqual([refused.status, refused.error?.code], ["failed", "type_error"]);
  strictEqual(result, 1);
});

Deno.test("executeRun() ends a run that is cancelled while it waits for a place", async () => {
  await using runs = await openRealRuns({ maxConcurrent: 1 });
  using _place = await runs.deps.admission.enter("local", new AbortController().signal);
  const stop = new AbortController();
  const { signal } = stop;
  const place = runs.deps.admission.enter("local", signal);
  const run = acceptedRun("return 1", { signal, place });

  const ended = endRun(run, runs.deps);
  stop.abort();

  deepStrictEqual(await ended, {
    status: "cancelled",
    error: { code: "cancelled", message: "The run was cancelled" },
  });
  strictEqual(run.record.status, "queued");
});

Deno.test("executeRun() never rejects, and tells nothing of what went wrong inside", async () => {
  await using runs = await openRealRuns();
  const deps = { ...runs.deps, sandbox: () => Promise.reject(new Error("/s3cret/path")) };

  deepStrictEqual(await endRun(acceptedRun("return 1"), deps), {
    status: "failed",
    error: { code: "sandbox_crashed", message: "Cannot run the code: internal error" },
  });
});

/** Fails when its call is cut off, and not before. */
function waitUntilCut(_args: unknown, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason))
  );
}

/** Carries out a run that is not left for later. */
async function endRun(...given: Parameters<typeof executeRun>): Promise<RunEnding> {
  const ending = await executeRun(...given);
  if (ending === undefined) throw new TypeError("The run has no ending");
  return ending;
}
