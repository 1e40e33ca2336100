import { deepStrictEqual, strictEqual } from "assert";
import { defaultLimits } from "../../src/config/defaults.ts";
import type { Host, SandboxAnswer } from "../../src/sandbox/host_process.ts";
import {
  logLineBytes,
  runInHost,
  type SandboxListener,
  type SandboxOutcome,
  type SandboxRun,
} from "../../src/sandbox/run_in_host.ts";
import { Watchdog } from "../../src/sandbox/watchdog.ts";
import { startRealHost } from "./real_host.ts";

Deno.test("runInHost() tells what the code says in its order, then its result", async () => {
  const told: unknown[] = [];
  const code = `console.warn("hi"); progress(1, 2, "half");
    emit({ type: "text", text: "t" }); return [input, await tools.search("x")]`;

  const { isClean, end } = await outcomeOf({ code, input: '"in"' }, {
    begun: () => void told.push("begun"),
    log: ({ level, text }) => void told.push([level, text]),
    progress: ({ done, total, text }) => void told.push([done, total, text]),
    emit: (block) => void told.push(block),
    query(query) {
      told.push(query);
      return Promise.resolve({ type: "tool_result", json: '["found"]' });
    },
  });

  deepStrictEqual(end, { type: "done", result: ["in", ["found"]] });
  strictEqual(isClean, true);
  deepStrictEqual(told, [
    "begun",
    ["warn", "hi"],
    [1, 2, "half"],
    { type: "text", text: "t" },
    "search",
  ]);
});

Deno.test("runInHost() tells where code failed, and counts the logs that were cut", async () => {
  const code = `for (let i = 0; i < 50; i++) console.log("0123456789");\nthrow new TypeError("no")`;
  const kept: string[] = [];

  const { isClean, end, logBytes } = await outcomeOf(
    { code, limits: { ...defaultLimits, logBytes: 100 } },
    { log: ({ text }) => void kept.push(text) },
  );

  const fault = end.type === "failed" ? end.fault : undefined;
  deepStrictEqual([fault?.code, fault?.name, fault?.line], ["thrown", "TypeError", 2]);
  deepStrictEqual([kept.length, logBytes, isClean], [10, 500, true]);
});

Deno.test("runInHost() ends code that takes too long, and its host with it", async () => {
  const limits = { ...defaultLimits, timeoutMs: 200 };

  const { exit, ...outcome } = await outcomeOf({ code: "for (;;);", limits });

  deepStrictEqual(outcome.end, {
    type: "stopped",
    code: "timed_out",
    message: "The run took longer than 200 ms",
  });
  deepStrictEqual([outcome.isClean, (await exit).code], [false, 137]);
});

Deno.test("runInHost() drops the answer to a call that comes after the run was cancelled", async () => {
  const stop = new AbortController();
  const late = Promise.withResolvers<SandboxAnswer>();
  const answered: number[] = [];

  const { end, exit } = await outcomeOf(
    { code: "await shop.reviews({})", signal: stop.signal },
    {
      call() {
        stop.abort();
        return late.promise;
      },
    },
    (callId) => answered.push(callId),
  );
  late.resolve({ type: "tool_result", json: "1" });
  await exit;

  strictEqual(end.type === "stopped" && end.code, "cancelled");
  deepStrictEqual(answered, []);
});

Deno.test("runInHost() begins nothing where the run was cancelled before", async () => {
  const { end } = await outcomeOf({ code: "return 1", signal: AbortSignal.abort() }, {
    begun: () => {
      throw new Error("The code began");
    },
  });

  strictEqual(end.type === "stopped" && end.code, "cancelled");
});

Deno.test("runInHost() has no more calls under way at once than it may, and answers all", async () => {
  let [underWay, most] = [0, 0];
  const two = Promise.withResolvers<void>();
  const code = "return await Promise.all([1, 2, 3, 4, 5].map((id) => shop.reviews({ id })))";

  const { end } = await outcomeOf({ code, limits: { ...defaultLimits, callsInFlight: 2 } }, {
    async call({ args }) {
      most = Math.max(most, ++underWay);
      if (underWay === 2) two.resolve();
      await two.promise;
      underWay--;
      return { type: "tool_result", json: JSON.stringify(args) };
    },
  });

  const result = [1, 2, 3, 4, 5].map((id) => ({ id }));
  deepStrictEqual(end, { type: "done", result });
  strictEqual(most, 2);
});

Deno.test("runInHost() passes on why the arguments of a call could not be sent", async () => {
  const reasons: (string | undefined)[] = [];

  const { end } = await outcomeOf({ code: "await shop.reviews({ id: 1n })" }, {
    call({ badCall, args }) {
      reasons.push(badCall);
      const fault = { code: "invalid_arguments", message: JSON.stringify(args) };
      return Promise.resolve({ type: "tool_error", fault });
    },
  });

  deepStrictEqual(reasons.map((reason) => reason?.includes("BigInt")), [true]);
  deepStrictEqual(end.type === "failed" && [end.fault.code, end.fault.message], [
    "invalid_arguments",
    "{}",
  ]);
});

Deno.test("runInHost() blames code that its host dies of while it reads it", async () => {
  const { end, isClean } = await outcomeOf({ code: "[".repeat(20_000) });

  strictEqual(end.type === "failed" && end.fault.code, "syntax_error");
  strictEqual(isClean, false);
});

Deno.test("logLineBytes() counts an empty line too, and others in UTF-8", () => {
  deepStrictEqual(["", "ab", "ü", "𝄞"].map(logLineBytes), [1, 2, 2, 4]);
});

const run: SandboxRun = {
  code: "",
  namespaces: [{
    name: "shop",
    server: "shop",
    tools: [{ member: "reviews", tool: "reviews" }],
  }],
  limits: defaultLimits,
  signal: new AbortController().signal,
};

const deaf: SandboxListener = {
  timer: () => Promise.resolve(0),
  begun: () => {},
  log: () => {},
  progress: () => {},
  emit: () => {},
  call: () => Promise.resolve({ type: "tool_result", json: "null" }),
  query: () => Promise.resolve({ type: "tool_result", json: "null" }),
};

/** Runs code in a host of its own; by the end of the test the host is gone. */
async function outcomeOf(
  given: Partial<SandboxRun>,
  listener: Partial<SandboxListener> = {},
  onAnswer: (callId: number) => void = () => {},
): Promise<SandboxOutcome & { exit: Host["exit"] }> {
  await using real = await startRealHost();
  await real.until("idle");
  const answer = real.host.answer.bind(real.host);
  real.host.answer = (callId, value) => {
    onAnswer(callId);
    answer(callId, value);
  };
  const { promise, resolve } = Promise.withResolvers<SandboxOutcome>();
  const deps = { watchdog: new Watchdog(), onEnd: resolve };
  runInHost(real.host, { ...run, ...given }, { ...deaf, ...listener }, deps);
  return { ...await promise, exit: real.host.exit };
}
