import { deepStrictEqual, match, ok, strictEqual } from "assert";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { localPrincipal } from "../../src/grants/principal.ts";
import { Approvals } from "../../src/runs/approvals.ts";
import { askPerson } from "../../src/runs/ask_person.ts";
import type { RunReport } from "../../src/runs/report.ts";
import { Runs } from "../../src/runs/runs.ts";
import { openRealRuns, type RealRuns, type RealRunsOptions } from "../runs/real_runs.ts";

/** Runs code durably, with the server gone and back again where `crashAt` says so. */
async function runWithCrash(
  code: string,
  options: RealRunsOptions & { crashAt?: (runs: Runs) => Promise<void> } = {},
): Promise<{ report: RunReport; receipts: number; real: RealRuns }> {
  const real = await openRealRuns(options);
  let runs = new Runs(real.deps);
  const started = await runs.start({ code, durable: true, check: false }, localPrincipal);
  if (options.crashAt !== undefined) {
    await options.crashAt(runs);
    await runs[Symbol.asyncDispose]();
    runs = new Runs(real.deps);
    await runs.recover();
  }
  await runs.wait(started.id, localPrincipal, new AbortController().signal);
  const report = await runs.report(started.id, localPrincipal);
  const receipts = (await runs.receipts(started.id, localPrincipal)).length;
  await runs[Symbol.asyncDispose]();
  return { report, receipts, real };
}

Deno.test("a durable run goes on after a restart: what was answered is not called again", async () => {
  const calls: string[] = [];
  const reached = Promise.withResolvers<void>();
  const { report, receipts, real } = await runWithCrash(
    `const first = await shop.reviews({ n: 1 });
     console.log("first", first.n);
     const second = await shop.reviews({ n: 2 });
     return [first, second, await shop.reviews({ n: 1 })];`,
    {
      tools: {
        reviews: async ({ n }, signal) => {
          calls.push(`${n}`);
          if (n === 2 && calls.length === 2) {
            reached.resolve();
            await new Promise((_, reject) =>
              signal.addEventListener("abort", () => reject(signal.reason))
            );
          }
          return { n };
        },
      },
      toolsDeps: {},
      crashAt: () => reached.promise,
    },
  );

  // The second call was under way, and says not of itself that it may be made twice.
  strictEqual(report.error?.code, "outcome_unknown");
  deepStrictEqual(calls, ["1", "2"]);
  deepStrictEqual(report.calls.map(({ status }) => status), ["ok", "unknown"]);
  deepStrictEqual(report.logs.map(({ text }) => text), ["first 1"]);
  strictEqual(receipts, 2);
  await real[Symbol.asyncDispose]();
});

Deno.test("a durable run's time and chance are the same when its code is run again", async () => {
  const reached = Promise.withResolvers<void>();
  let calls = 0;
  const { report, real } = await runWithCrash(
    `const before = [Date.now(), new Date().toISOString(), Math.random(), crypto.randomUUID(),
       [...crypto.getRandomValues(new Uint8Array(4))], performance.now()];
     console.log(JSON.stringify(before));
     await sleep(20);
     const slept = Date.now() - before[0];
     await shop.reviews({});
     await sleep(30);
     return { before: JSON.stringify(before), slept, isDate: new Date() instanceof Date,
       later: Date.now() > before[0], text: typeof Date() };`,
    {
      tools: {
        reviews: () => {
          if (++calls === 1) reached.resolve();
          return "ok";
        },
      },
      crashAt: async (runs) => {
        await reached.promise;
        const [{ id }] = (await runs.list(localPrincipal)).items;
        const stop = new AbortController();
        for await (const { event } of await runs.events(id, localPrincipal, 0, stop.signal)) {
          if (event === "call") stop.abort();
        }
      },
    },
  );

  strictEqual(report.status, "succeeded", JSON.stringify(report.error));
  const result = Object(report.result);
  strictEqual(result.before, report.logs[0].text);
  ok(result.slept >= 20);
  deepStrictEqual([result.isDate, result.later, result.text, calls], [true, true, "string", 1]);
  await real[Symbol.asyncDispose]();
});

Deno.test("parallel calls of a durable run are replayed, in the order of their answers", async () => {
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const calls: number[] = [];
  const { report, real } = await runWithCrash(
    `const order = [];
     const all = [3, 1, 2].map(async (n) => { await shop.reviews({ n }); order.push(n); });
     await Promise.all(all);
     const first = await Promise.race([shop.reviews({ n: 4 }), sleep(60_000).then(() => "late")]);
     await shop.reviews({ n: 5 });
     return [order, first];`,
    {
      tools: {
        reviews: async ({ n }) => {
          calls.push(Number(n));
          if (n === 3) await gate.promise;
          if (n === 2) gate.resolve();
          if (n === 5 && calls.length === 5) reached.resolve();
          return n ?? null;
        },
      },
      crashAt: async () => await reached.promise,
    },
  );

  // The fifth may have had its answer on record or not; in the second case nobody knows.
  if (report.status === "succeeded") deepStrictEqual(Object(report.result)[1], 4);
  else strictEqual(report.error?.code, "outcome_unknown");
  deepStrictEqual(calls.slice(0, 3), [3, 1, 2]);
  strictEqual(calls.length, 5);
  await real[Symbol.asyncDispose]();
});

Deno.test("code that takes another way than before ends as replay_diverged, and calls nothing", async () => {
  let isSecond = false;
  const reached = Promise.withResolvers<void>();
  const calls: unknown[] = [];
  const { report, real } = await runWithCrash(
    `const { items } = await tools.search("reviews").then((items) => ({ items }));
     await shop.reviews({ way: globalThis.way });
     await shop.reviews({ hang: true });`,
    {
      tools: {
        reviews: async ({ hang }, signal) => {
          calls.push(hang ?? null);
          if (hang !== true) return 1;
          reached.resolve();
          await new Promise((_, reject) =>
            signal.addEventListener("abort", () => reject(signal.reason))
          );
          return 1;
        },
      },
      crashAt: async () => {
        await reached.promise;
        isSecond = true;
      },
    },
  );
  ok(isSecond);
  strictEqual(report.error?.code, "outcome_unknown");
  await real[Symbol.asyncDispose]();

  // The record is changed as if the code had asked for something else.
  await using again = await openRealRuns({
    tools: { reviews: () => new Promise(() => undefined) },
  });
  const runs = new Runs(again.deps);
  const started = await runs.start(
    { code: "await shop.reviews({ a: 1 })", durable: true, check: false },
    localPrincipal,
  );
  while ((await journalKeys(again.kv, started.id)).length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await runs[Symbol.asyncDispose]();
  const [key] = await journalKeys(again.kv, started.id);
  const { value } = await again.kv.get(key);
  await again.kv.atomic().delete(key).set([...key.slice(0, -1), "other.1"], value).commit();
  const next = new Runs(again.deps);
  await next.recover();
  const report2 = await next.wait(started.id, localPrincipal, new AbortController().signal);
  strictEqual(report2.error?.code, "replay_diverged");
  match(report2.error?.message ?? "", /another way than before/);
  await next[Symbol.asyncDispose]();
});

Deno.test("a durable run that waits for a person gives its process up, and goes on when decided", async () => {
  const calls: unknown[] = [];
  await using real = await openRealRuns({
    tools: {
      reviews: (args) => {
        calls.push(args.n);
        return `done ${args.n}`;
      },
    },
    rules: [{ tool: "shop.reviews", when: "arguments.n > 1", effect: "ask" }],
  });
  let approvals = new Approvals(real.kv);
  let deps = { ...real.deps, ask: askPerson(approvals) };
  let runs = new Runs(deps);
  const code = `console.log("go"); await shop.reviews({ n: 1 });
    const refused = await shop.reviews({ n: 3 }).catch(({ code }) => code);
    return [await shop.reviews({ n: 2 }), refused]`;

  const started = await runs.start({ code, check: false }, localPrincipal);
  strictEqual((await started.settled).status, "waiting");
  await untilPlaces(real, 4);
  const [asked] = await approvals.list(localPrincipal);
  await approvals.decide(asked.id, { decision: "deny", note: "no" }, localPrincipal);
  const second = await untilAsked(approvals);
  // The server ends and starts again while a person thinks.
  await runs[Symbol.asyncDispose]();
  approvals = new Approvals(real.kv);
  deps = { ...real.deps, ask: askPerson(approvals) };
  runs = new Runs(deps);
  await runs.recover();
  const again = await untilAsked(approvals);
  await approvals.decide(again.id, { decision: "approve" }, localPrincipal);
  const report = await untilFinal(runs, started.id);

  deepStrictEqual([asked.arguments, second.arguments, again.id], [{ n: 3 }, { n: 2 }, second.id]);
  deepStrictEqual(report.result, ["done 2", "tool_denied"]);
  deepStrictEqual(calls, [1, 2]);
  deepStrictEqual(report.logs.map(({ text }) => text), ["go"]);
  deepStrictEqual(report.calls.map(({ status }) => status), ["ok", "denied", "ok"]);
  strictEqual((await runs.receipts(started.id, localPrincipal)).length, 3);
  await runs[Symbol.asyncDispose]();
});

Deno.test("a durable run that waits for a person can be cancelled", async () => {
  await using real = await openRealRuns({
    rules: [{ tool: "shop.reviews", effect: "ask" }],
  });
  const approvals = new Approvals(real.kv);
  const runs = new Runs({ ...real.deps, ask: askPerson(approvals) });
  const started = await runs.start(
    { code: "await shop.reviews({})", check: false },
    localPrincipal,
  );
  await started.settled;
  await untilPlaces(real, 4);

  const report = await runs.cancel(started.id, localPrincipal);

  strictEqual(report.status, "cancelled");
  deepStrictEqual(await approvals.list(localPrincipal), []);
  deepStrictEqual(await journalKeys(real.kv, started.id), []);
  await runs[Symbol.asyncDispose]();
});

Deno.test("a durable run whose host dies is run again in another, but not for ever", async () => {
  let hosts = 0;
  const calls: unknown[] = [];
  await using real = await openRealRuns({
    tools: {
      reviews: (args) => {
        calls.push(args.n);
        return null;
      },
    },
  });
  const crashing = (times: number) =>
    new Runs({
      ...real.deps,
      sandbox: async (principal, run, to) => {
        const stop = new AbortController();
        const signal = AbortSignal.any([run.signal, stop.signal]);
        const dies = ++hosts <= times;
        const call: typeof to.call = async (...given) => {
          const answer = await to.call(...given);
          if (dies) stop.abort();
          return answer;
        };
        const listener: typeof to = {
          begun: () => to.begun(),
          log: (item) => to.log(item),
          progress: (item) => to.progress(item),
          emit: (block) => to.emit(block),
          query: (...given) => to.query(...given),
          timer: (timer) => to.timer(timer),
          call,
        };
        const outcome = await real.deps.sandbox(principal, { ...run, signal }, listener);
        if (!dies) return outcome;
        const end = { type: "stopped", code: "sandbox_crashed", message: "It died" } as const;
        return { ...outcome, end };
      },
    });
  const code = "await shop.reviews({ n: 1 }); await sleep(1); return 'end'";

  const once = crashing(1);
  const first = await once.start({ code, durable: true, check: false }, localPrincipal);
  const survived = await first.settled;
  hosts = 0;
  const always = crashing(99);
  const second = await always.start({ code, durable: true, check: false }, localPrincipal);
  const lost = await second.settled;

  deepStrictEqual([survived.result, calls], ["end", [1, 1]]);
  deepStrictEqual([lost.error?.code, hosts], ["sandbox_crashed", 3]);
  await once[Symbol.asyncDispose]();
  await always[Symbol.asyncDispose]();
});

async function journalKeys(kv: Deno.Kv, run: string): Promise<Deno.KvKey[]> {
  return await Array.fromAsync(kv.list({ prefix: ["journal", run] }), ({ key }) => key);
}

/** Waits until all places are free: the run has given its own up. */
async function untilPlaces({ deps }: RealRuns, count: number): Promise<void> {
  const { signal } = new AbortController();
  const places = await Promise.all(
    Array.from({ length: count }, () => deps.admission.enter("test", signal)),
  );
  for (const place of places) place[Symbol.dispose]();
}

async function untilAsked(approvals: Approvals) {
  for (;;) {
    const [asked] = await approvals.list(localPrincipal);
    if (asked !== undefined) return asked;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function untilFinal(runs: Runs, id: string): Promise<RunReport> {
  const { signal } = new AbortController();
  for await (const event of await runs.events(id, localPrincipal, 0, signal)) {
    if (event.event === "end") return event.data;
  }
  throw new AirlockError("not_found", "The run has no end");
}
