/** `AbortController` and `AbortSignal`. @module */

import { connection } from "./connection.ts";
import { namedError } from "./named_error.ts";
import {
  apply,
  arrayCopy,
  arrayPush,
  arraySplice,
  defineHidden,
  freeze,
  getProperty,
} from "./primordials.ts";

/** What a listener of a signal is told. */
export interface AbortEvent {
  readonly type: "abort";
  readonly target: AbortSignal;
  readonly currentTarget: AbortSignal;
}

/** A listener, as a function or as an object. */
export type AbortListener =
  | ((event: AbortEvent) => unknown)
  | { handleEvent(event: AbortEvent): unknown };

interface Registration {
  readonly listener: object;
  readonly once: boolean;
}

/** Stands for the right to make a signal; guest code never has it. */
const permit: object = freeze({});
const NativeTypeError = TypeError;
let abortSignal: (signal: AbortSignal, reason: unknown) => void;
let follow: (signal: AbortSignal, source: AbortSignal) => void;

/** Tells whoever listens that something is no longer wanted. */
export class AbortSignal {
  #aborted = false;
  #reason: unknown = undefined;
  #registrations: Registration[] = [];
  #followers: AbortSignal[] = [];
  #onabort: unknown = null;

  static {
    abortSignal = (signal, reason) => signal.#abort(reason);
    follow = (signal, source) => {
      if (source.#aborted) signal.#abort(source.#reason);
      else arrayPush(source.#followers, signal);
    };
    defineHidden(this.prototype, Symbol.toStringTag, "AbortSignal");
  }

  constructor(token?: object) {
    if (token !== permit) throw new NativeTypeError("Illegal constructor");
  }

  /** A signal that is aborted already. */
  static abort(reason?: unknown): AbortSignal {
    const signal = createSignal();
    signal.#abort(reason);
    return signal;
  }

  /** A signal that is aborted after `ms` milliseconds. */
  static timeout(ms: number): AbortSignal {
    const signal = createSignal();
    const timeOut = () => signal.#abort(namedError("TimeoutError", "Signal timed out"));
    connection().later(timeOut, ms);
    return signal;
  }

  /** A signal that is aborted as soon as one of the others is. */
  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const signal = createSignal();
    for (const source of signals) follow(signal, source);
    return signal;
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  get onabort(): unknown {
    return this.#onabort;
  }
  set onabort(listener: unknown) {
    this.#onabort = typeof listener === "function" ? listener : null;
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  addEventListener(
    type: unknown,
    listener: AbortListener | null,
    options?: boolean | { once?: boolean },
  ): void {
    if (`${type}` !== "abort" || listener === null || this.#aborted) return;
    if (typeof listener !== "function" && typeof listener !== "object") {
      throw new NativeTypeError(`Cannot listen to a signal: a ${typeof listener} is no listener`);
    }
    if (this.#indexOf(listener) >= 0) return;
    const once = typeof options === "object" && !!options?.once;
    arrayPush(this.#registrations, { listener, once });
  }

  removeEventListener(type: unknown, listener: AbortListener | null): void {
    const index = `${type}` === "abort" ? this.#indexOf(listener) : -1;
    if (index >= 0) arraySplice(this.#registrations, index, 1);
  }

  #indexOf(listener: unknown): number {
    for (let i = 0; i < this.#registrations.length; i++) {
      if (this.#registrations[i].listener === listener) return i;
    }
    return -1;
  }

  #abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason === undefined
      ? namedError("AbortError", "The signal has been aborted")
      : reason;
    const registrations = arrayCopy(this.#registrations);
    const followers = this.#followers;
    this.#followers = [];
    const event: AbortEvent = freeze({ type: "abort", target: this, currentTarget: this });
    if (this.#onabort !== null) notify(this.#onabort, this, event);
    for (let i = 0; i < registrations.length; i++) {
      const { listener, once } = registrations[i];
      const index = this.#indexOf(listener);
      if (index < 0) continue;
      if (once) arraySplice(this.#registrations, index, 1);
      notify(listener, this, event);
    }
    for (let i = 0; i < followers.length; i++) followers[i].#abort(this.#reason);
  }
}

/** Outside the class, which the bundler would rename if it named itself. */
function createSignal(): AbortSignal {
  return new AbortSignal(permit);
}

/** Calls a listener; what it throws ends the run, not the others' notification. */
function notify(listener: unknown, signal: AbortSignal, event: AbortEvent): void {
  try {
    if (typeof listener === "function") apply(listener, signal, [event]);
    else if (typeof listener === "object" && listener !== null) {
      const handle = getProperty(listener, "handleEvent");
      if (typeof handle === "function") apply(handle, listener, [event]);
    }
  } catch (error) {
    connection().onUncaught(error);
  }
}

/** Aborts its own signal. */
export class AbortController {
  readonly #signal = createSignal();

  static {
    defineHidden(this.prototype, Symbol.toStringTag, "AbortController");
  }

  get signal(): AbortSignal {
    return this.#signal;
  }

  abort(reason?: unknown): void {
    abortSignal(this.#signal, reason);
  }
}
