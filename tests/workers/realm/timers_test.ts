import { deepStrictEqual, rejects, strictEqual, throws } from "assert";
import { createGatewayOperations } from "../../../workers/guest_gateway.ts";
import type { RawGateway } from "../../../workers/realm/gateway.ts";
import { createTimers } from "../../../workers/realm/timers.ts";

Deno.test("createTimers() calls once with the arguments it was given", () => {
  const { timers, started } = fake();
  const seen: unknown[] = [];

  const id = timers.setTimeout((...args: unknown[]) => seen.push(args), 5, "a", 1);
  timers.fire(id);
  timers.fire(id);

  deepStrictEqual([seen, started], [[["a", 1]], [[id, 5]]]);
});

Deno.test("createTimers() starts an interval anew until it is cleared", () => {
  const { timers, started, stopped } = fake();
  const id: number = timers.setInterval(() => {
    if (started.length === 2) timers.clearInterval(id);
  }, 7);

  timers.fire(id);
  timers.fire(id);

  deepStrictEqual([started, stopped], [[[id, 7], [id, 7]], [id]]);
});

Deno.test("createTimers() clears by number or numeric text and ignores the rest", () => {
  const { timers, stopped } = fake();
  const [first, second] = [timers.setTimeout(() => {}), timers.setTimeout(() => {})];

  for (const odd of [undefined, null, {}, Symbol("s"), "x", 99]) timers.clearTimeout(odd);
  timers.clearTimeout(first);
  timers.clearTimeout(`${second}`);

  deepStrictEqual(stopped, [first, second]);
});

Deno.test("createTimers() reads delays as browsers do", () => {
  const { timers, started } = fake();

  for (const delay of [-1, NaN, "12", 1.9, Infinity, 2 ** 40, undefined, null]) {
    timers.setTimeout(() => {}, delay);
  }

  deepStrictEqual(started.map(([, ms]) => ms), [0, 0, 12, 1, 2 ** 31 - 1, 2 ** 31 - 1, 0, 0]);
});

Deno.test("createTimers() refuses a callback that is text", () => {
  const { timers } = fake();

  for (const start of [timers.setTimeout, timers.setInterval, timers.queueMicrotask]) {
    throws(() => start("alert(1)"), {
      name: "TypeError",
      message: "Cannot use a string as a callback: not a function",
    });
  }
});

Deno.test("createTimers() refuses more than 10,000 waiting timers", async () => {
  const { timers } = fake();
  const last = Array.from({ length: 10_000 }, () => timers.setTimeout(() => {})).at(-1);

  throws(() => timers.setTimeout(() => {}), RangeError);
  await rejects(timers.sleep(1), RangeError);
  timers.clearTimeout(last);
  strictEqual(timers.setTimeout(() => {}), 10_001);
});

Deno.test("createTimers() reports what callbacks throw, and goes on", async () => {
  const { timers, uncaught } = fake();
  const fail = (what: string) => () => {
    throw what;
  };

  timers.queueMicrotask(fail("microtask"));
  timers.fire(timers.setInterval(fail("interval")));
  await Promise.resolve();

  deepStrictEqual(uncaught, ["interval", "microtask"]);
});

Deno.test("sleep() resolves when its timer is due", async () => {
  const { timers, started } = fake();

  const pause = timers.sleep(20);
  timers.fire(started[0][0]);

  strictEqual(await pause, undefined);
});

Deno.test("closed() forgets all timers and starts no more", () => {
  const { timers, started } = fake();
  const seen: string[] = [];
  const id = timers.setTimeout(() => seen.push("late"));

  timers.closed();
  timers.fire(id);
  timers.setTimeout(() => seen.push("later"));

  deepStrictEqual([seen, started.length], [[], 1]);
});

function recordTimers(started: [number, number][], stopped: number[]): RawGateway {
  const operations = {
    ...createGatewayOperations({ send: () => {}, now: () => 0, fire: () => {} }).operations,
    startTimer: (id: number, ms: number) => void started.push([id, ms]),
    stopTimer: (id: number) => void stopped.push(id),
  };
  return (operation, ...args) => Reflect.apply(operations[operation], undefined, args);
}

/** Timers over a gateway that only writes down what it is asked. */
function fake() {
  const started: [number, number][] = [];
  const stopped: number[] = [];
  const uncaught: unknown[] = [];
  const timers = createTimers({
    gateway: recordTimers(started, stopped),
    onUncaught: (error) => uncaught.push(error),
  });
  return { timers, started, stopped, uncaught };
}
