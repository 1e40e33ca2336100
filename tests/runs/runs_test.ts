import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import { localPrincipal } from "../../src/grants/principal.ts";
import { RunRecord } from "../../src/runs/run_record.ts";
import { Runs } from "../../src/runs/runs.ts";
import { type Answer, openRealRuns, type RealRunsOptions } from "./real_runs.ts";

const other = { name: "other", tools: ["*"] };

Deno.test("Runs.start() runs code once, whose report and receipts only its principal finds", async () => {
  await using opened = await openRuns();
  const { runs } = opened;

  const { id, settled } = await runs.start({ code: "return shop.reviews({})" }, localPrincipal);
  const report = await settled;

  strictEqual(report.status, "succeeded");
  deepStrictEqual(await runs.report(id, localPrincipal), report);
  deepStrictEqual(await opened.deps.store.report("local", id), report);
  strictEqual((await runs.receipts(id, localPrincipal)).length, 1);
  deepStrictEqual((await runs.list(localPrincipal)).items.map((item) => item.id), [id]);
  deepStrictEqual((await runs.list(other)).items, []);
  for (const method of ["report", "receipts", "cancel"] as const) {
    await rejects(runs[method](id, other), { code: "not_found" });
  }
});

Deno.test("Runs.start() gives the run of before under an idempotency key, and refuses another request", async () => {
  let calls = 0;
  await using opened = await openRuns({ tools: { count: () => ++calls } });
  const start = (code: string, principal = localPrincipal) =>
    opened.runs.start({ code, limits: undefined }, principal, { idempotencyKey: "k" });
  const code = "return shop.count({})";

  const both = await Promise.all([start(code), start(code)]);
  const [first, second] = await Promise.all(both.map(({ settled }) => settled));
  const third = await (await start(code)).settled;
  const ofAnother = await (await start(code, other)).settled;

  strictEqual(second.id, first.id);
  deepStrictEqual([third.id, third.result], [first.id, 1]);
  deepStrictEqual([ofAnother.id === first.id, ofAnother.result], [false, 2]);
  await rejects(start("return 2"), { code: "key_reused" });
});

Deno.test("Runs.start() takes in no more keyed requests of one moment than there is room for", async () => {
  await using opened = await openRuns({ maxConcurrent: 1 });
  const codes = Array.from({ length: 12 }, (_, index) => `return ${index}`);

  const begun = await Promise.allSettled(
    codes.map((code) => opened.runs.start({ code }, localPrincipal, { idempotencyKey: code })),
  );
  const started = begun.flatMap((run) => run.status === "fulfilled" ? [run.value] : []);
  const reports = await Promise.all(started.map(({ settled }) => settled));
  const refused = begun.flatMap((run) => run.status === "rejected" ? [run.reason.code] : []);

  // One has the place, eight wait.
  deepStrictEqual(reports.map(({ status }) => status), Array(9).fill("succeeded"));
  deepStrictEqual(refused, Array(3).fill("queue_full"));
});

Deno.test("Runs.start() gives the place back that a repeated request took", async () => {
  await using opened = await openRuns({ maxConcurrent: 1 });
  const start = (code: string) =>
    opened.runs.start({ code }, localPrincipal, { idempotencyKey: code });
  await (await start("return 1")).settled;

  for (let repeats = 0; repeats < 3; repeats++) await start("return 1");
  const other = await (await start("return 2")).settled;

  strictEqual(other.result, 2);
});

Deno.test("Runs.start() refuses what it cannot take in, before anything is stored", async () => {
  await using opened = await openRuns();
  const { runs } = opened;
  const start = (request: Parameters<typeof runs.start>[0]) => runs.start(request, localPrincipal);

  await rejects(start({ code: "ü".repeat(200_000) }), { code: "too_large" });
  await rejects(start({ code: "", limits: { calls: 1_000_000 } }), { code: "invalid_request" });

  deepStrictEqual((await runs.list(localPrincipal)).items, []);
});

Deno.test("Runs.cancel() stops a run with its calls, and gives its report again later", async () => {
  const reached = Promise.withResolvers<void>();
  await using opened = await openRuns({ tools: { slow: slowTool(reached.resolve) } });
  const { runs } = opened;
  const { id } = await runs.start({ code: "await shop.slow({})" }, localPrincipal);
  await reached.promise;

  const underWay = (await runs.list(localPrincipal)).items.map(({ status }) => status);
  const report = await runs.cancel(id, localPrincipal);

  deepStrictEqual(underWay, ["running"]);
  deepStrictEqual([report.status, report.error?.code], ["cancelled", "cancelled"]);
  deepStrictEqual(report.calls.map(({ status }) => status), ["unknown"]);
  deepStrictEqual(await runs.cancel(id, localPrincipal), report);
});

Deno.test("Runs cancels what is under way when it is disposed of, stores it, and takes no more in", async () => {
  const reached = Promise.withResolvers<void>();
  await using opened = await openRuns({ tools: { slow: slowTool(reached.resolve) } });
  const { runs, deps } = opened;
  const { id } = await runs.start({ code: "await shop.slow({})" }, localPrincipal);
  await reached.promise;

  await runs[Symbol.asyncDispose]();

  strictEqual((await deps.store.report("local", id))?.status, "cancelled");
  await rejects(runs.start({ code: "" }, localPrincipal), { code: "shutting_down" });
});

Deno.test("Runs.recover() ends what an earlier server left under way", async () => {
  await using opened = await openRuns();
  await opened.deps.store.begin("local", new RunRecord("run_lost", "local", 0).report);

  await opened.runs.recover();

  const { status, error } = await opened.runs.report("run_lost", localPrincipal);
  deepStrictEqual([status, error?.code], ["failed", "sandbox_crashed"]);
});

Deno.test("Runs.callTool() makes one call, which is a run with its receipt", async () => {
  await using opened = await openRuns();
  const { runs } = opened;
  const { signal } = new AbortController();
  const call = (tool: string, args = {}) =>
    runs.callTool({ tool, args }, localPrincipal, {
      signal,
      invoke: (signed) => Promise.resolve({ ...signed.args }),
    });

  const { run, ...answer } = await call("shop.reviews", { id: 1 });
  const refused = await call("shop.nothing");

  deepStrictEqual(answer, { outcome: "ok", answer: { json: '{"id":1}' } });
  strictEqual((await runs.report(run, localPrincipal)).status, "succeeded");
  strictEqual((await runs.receipts(run, localPrincipal)).length, 1);
  ok("fault" in refused.answer && refused.answer.fault.code === "tool_unknown");
});

async function openRuns(options: RealRunsOptions = {}) {
  const opened = await openRealRuns(options);
  const runs = new Runs(opened.deps);
  return {
    runs,
    deps: opened.deps,
    async [Symbol.asyncDispose]() {
      await runs[Symbol.asyncDispose]();
      await opened[Symbol.asyncDispose]();
    },
  };
}

/** A tool that says when it is reached and fails when it is cut off, not before. */
function slowTool(onReached: () => void): Answer {
  return (_args, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      onReached();
    });
}
