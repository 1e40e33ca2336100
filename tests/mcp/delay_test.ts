import { rejects, strictEqual } from "assert";
import { delay, orAborted, settlesWithin } from "../../src/mcp/delay.ts";

/** Longer than any test takes; a timer that is left over is a leak, which the runner finds. */
const ages = 1_000_000;

Deno.test("delay() ends at once when the signal fires, or has fired", async () => {
  const stop = new AbortController();
  const delayed = delay(ages, stop.signal);

  stop.abort();

  strictEqual(await delayed, undefined);
  strictEqual(await delay(ages, stop.signal), undefined);
});

Deno.test("delay() ends by itself", async () => {
  strictEqual(await delay(1), undefined);
});

Deno.test("settlesWithin() takes a rejection for settled, and gives up on what stays open", async () => {
  const { promise: open } = Promise.withResolvers<void>();

  strictEqual(await settlesWithin(Promise.resolve(), ages), true);
  strictEqual(await settlesWithin(Promise.reject(new Error("no")), ages), true);
  strictEqual(await settlesWithin(open, 1), false);
});

Deno.test("orAborted() gives the value, the promise's own error, or the signal's reason", async () => {
  const { promise: open } = Promise.withResolvers<void>();
  const stop = new AbortController();
  const { signal } = stop;

  strictEqual(await orAborted(Promise.resolve(1), signal), 1);
  await rejects(orAborted(Promise.reject(new Error("own")), signal), /own/);
  const waiting = rejects(orAborted(open, signal), /enough/);
  stop.abort(new Error("enough"));

  await waiting;
  await rejects(orAborted(open, signal), /enough/);
});

Deno.test("orAborted() lets nothing go unhandled that fails after the signal", async () => {
  const late = Promise.withResolvers<void>();

  await rejects(orAborted(late.promise, AbortSignal.abort(new Error("enough"))), /enough/);
  late.reject(new Error("late"));
  await delay(0);
});
