import { deepStrictEqual, strictEqual } from "assert";
import { RunRecord } from "../../src/runs/run_record.ts";

const never = new AbortController().signal;

Deno.test("RunRecord replays what happened after an event, and ends after the end", async () => {
  const record = newRecord();
  record.log({ level: "log", text: "one", ms: 1 });
  record.callBegan(1, "shop.reviews");
  record.callSettled(1, { tool: "shop.reviews", status: "ok", ms: 2 });
  record.end({ status: "succeeded", result: 1 });

  const all = await Array.fromAsync(record.events(0, never));
  const rest = await Array.fromAsync(record.events(2, never));

  deepStrictEqual(all.map(({ id, event }) => [id, event]), [[1, "log"], [2, "call"], [3, "end"]]);
  deepStrictEqual(rest.map(({ event }) => event), ["end"]);
});

Deno.test("RunRecord tells a listener that is there what happens later", async () => {
  const record = newRecord();
  const seen = Array.fromAsync(record.events(0, never));

  record.begins();
  record.progress({ done: 1 });
  await Promise.resolve();
  record.end({ status: "succeeded" });

  deepStrictEqual((await seen).map(({ event }) => event), ["progress", "end"]);
});

Deno.test("RunRecord lets go of a listener whose signal fires", async () => {
  const record = newRecord();
  const stop = new AbortController();
  const seen = Array.fromAsync(record.events(0, stop.signal));
  const waited = record.settled(stop.signal);

  stop.abort();

  deepStrictEqual(await seen, []);
  strictEqual((await waited).status, "queued");
});

Deno.test("RunRecord is settled while it waits for a person, and runs on after the last one", async () => {
  const record = newRecord();
  const approval = { id: "a", run: "run_1", tool: "t", arguments: {}, reason: "r", at: "now" };
  record.begins();
  const first = record.waits(approval);
  const second = record.waits({ ...approval, id: "b" });

  const waiting = (await record.settled()).status;
  first();
  first();
  const stillWaiting = record.status;
  second();

  deepStrictEqual([waiting, stillWaiting, record.status], ["waiting", "waiting", "running"]);
});

Deno.test("RunRecord tells nothing twice when its code is run again", async () => {
  const record = newRecord();
  const go = (logs: number) => {
    for (let n = 1; n <= logs; n++) record.log({ level: "log", text: `${n}`, ms: n });
    record.callBegan(1, "shop.a");
    record.callSettled(1, { tool: "shop.a", status: "ok", ms: 1 });
  };

  go(1);
  record.rewind();
  go(2);
  record.end({ status: "succeeded" });

  const { signal } = new AbortController();
  const events = await Array.fromAsync(record.events(0, signal));
  deepStrictEqual(events.map(({ event }) => event), ["log", "call", "log", "end"]);
  deepStrictEqual(record.report.logs.map(({ text }) => text), ["1", "2"]);
  deepStrictEqual(record.report.calls.length, 1);
});

Deno.test("RunRecord gives copies: what a caller changes is the caller's", () => {
  const record = newRecord();
  record.log({ level: "log", text: "one", ms: 1 });

  record.report.logs.length = 0;

  strictEqual(record.report.logs.length, 1);
});

Deno.test("RunRecord replays progress among all else in the order it happened", async () => {
  const record = newRecord();
  for (let ms = 0; ms < 3; ms++) {
    record.log({ level: "log", text: "", ms });
    record.progress({ done: ms });
  }
  record.end({ status: "succeeded" });

  const seen = await Array.fromAsync(record.events(1, never));

  deepStrictEqual(seen.map(({ id }) => id), [2, 3, 4, 5, 6, 7]);
  deepStrictEqual(seen.map(({ event }) => event).slice(0, 3), ["progress", "log", "progress"]);
});

Deno.test("RunRecord replays the last of much progress only", async () => {
  const record = newRecord();
  for (let done = 1; done <= 500; done++) record.progress({ done });
  record.end({ status: "succeeded" });

  const seen = await Array.fromAsync(record.events(0, never));

  strictEqual(seen.length, 101);
  deepStrictEqual(seen.at(-2), { id: 500, event: "progress", data: { done: 500 } });
});

function newRecord(): RunRecord {
  return new RunRecord("run_1", "local", 0);
}
