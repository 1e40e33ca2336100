/** `setTimeout` and its kin: the callbacks stay in the realm, the clock is outside. @module */

import type { RawGateway } from "./gateway.ts";
import {
  apply,
  defineHidden,
  mapDelete,
  mapGet,
  mapSet,
  mapSize,
  promiseThen,
  toNumber,
  trunc,
} from "./primordials.ts";

/** Timers that may wait at the same time. */
const maxTimers = 10_000;
const maxDelayMs = 2 ** 31 - 1;

type Callback = (...args: unknown[]) => unknown;

interface Timer {
  readonly callback: Callback;
  readonly args: unknown[];
  /** The pause between two calls; `undefined` where there is only one. */
  readonly repeatMs: number | undefined;
}

/** What {@linkcode createTimers} needs. */
export interface TimerDeps {
  /** The way out; never let guest code see it. */
  readonly gateway: RawGateway;
  /** Takes what a callback throws. */
  readonly onUncaught: (error: unknown) => void;
}

/** The timer functions of the platform; those up to `sleep` are guest code's. */
export interface Timers {
  setTimeout(callback: unknown, delay?: unknown, ...args: unknown[]): number;
  setInterval(callback: unknown, delay?: unknown, ...args: unknown[]): number;
  clearTimeout(id?: unknown): void;
  clearInterval(id?: unknown): void;
  queueMicrotask(callback: unknown): void;
  /** Resolves after `ms` milliseconds. */
  sleep(ms?: unknown): Promise<void>;
  /** Calls a timer that is due. */
  fire(id: number): void;
  /** Forgets all timers: the run has ended. */
  closed(): void;
}

const NativeMap = Map;
const NativePromise = Promise;
const NativeRangeError = RangeError;
const NativeTypeError = TypeError;
/** Has no `constructor`, so that `then` does not ask the guest's `Symbol.species`. */
const settled: Promise<void> = Promise.resolve();
defineHidden(settled, "constructor", undefined);

/** Makes the timer functions of one realm. */
export function createTimers({ gateway, onUncaught }: TimerDeps): Timers {
  let timers = new NativeMap<number, Timer>();
  let lastId = 0;
  let isClosed = false;

  const start = (callback: unknown, delay: unknown, args: unknown[], repeats: boolean) => {
    assertCallback(callback);
    const ms = delayMs(delay);
    if (isClosed) return 0;
    if (mapSize(timers) >= maxTimers) {
      throw new NativeRangeError(`Cannot start a timer: ${maxTimers} are waiting`);
    }
    const id = ++lastId;
    mapSet(timers, id, { callback, args, repeatMs: repeats ? ms : undefined });
    gateway("startTimer", id, ms);
    return id;
  };

  const clear = (id: unknown): void => {
    const number = typeof id === "string" ? toNumber(id) : id;
    if (typeof number === "number" && mapDelete(timers, number)) gateway("stopTimer", number);
  };

  const call = (callback: Callback, args: unknown[]): void => {
    try {
      apply(callback, undefined, args);
    } catch (error) {
      onUncaught(error);
    }
  };

  return {
    setTimeout: (callback, delay, ...args) => start(callback, delay, args, false),
    setInterval: (callback, delay, ...args) => start(callback, delay, args, true),
    clearTimeout: (id) => clear(id),
    clearInterval: (id) => clear(id),
    queueMicrotask: (callback) => {
      assertCallback(callback);
      promiseThen(settled, () => call(callback, []));
    },
    sleep: (ms) =>
      new NativePromise<void>((resolve) => {
        start(() => resolve(), ms, [], false);
      }),
    fire: (id) => {
      const timer = mapGet(timers, id);
      if (timer === undefined) return;
      if (timer.repeatMs === undefined) mapDelete(timers, id);
      call(timer.callback, timer.args);
      const goesOn = timer.repeatMs !== undefined && mapGet(timers, id) === timer;
      if (goesOn) gateway("startTimer", id, timer.repeatMs);
    },
    closed: () => {
      isClosed = true;
      timers = new NativeMap();
    },
  };
}

function assertCallback(callback: unknown): asserts callback is Callback {
  if (typeof callback === "function") return;
  throw new NativeTypeError(`Cannot use a ${typeof callback} as a callback: not a function`);
}

/** Milliseconds as browsers read them: what is no number, or less than nothing, is at once. */
function delayMs(delay: unknown): number {
  const ms = trunc(toNumber(delay));
  if (!(ms > 0)) return 0;
  return ms < maxDelayMs ? ms : maxDelayMs;
}
