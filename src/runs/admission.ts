/** Who may run now: so many at once, the rest in a queue that is fair between principals. @module */

import { AirlockError } from "../errors/airlock_error.ts";

/** How many runs there may be. */
export interface AdmissionOptions {
  /** Runs under way at once. */
  maxConcurrent: number;
  /** Runs that may wait. */
  queue: number;
}

/** A place that was taken; disposing of it gives it to the next in the queue. */
export type Place = Disposable;

interface Waiter {
  admit(place: Place): void;
}

/** Seconds after which a refused client may try again. */
const retryAfterSeconds = 1;

/** Hands out places. Each principal in the queue has its turn, however many runs it brings. */
export class Admission {
  readonly #options: AdmissionOptions;
  /** Principals in the order of their turns, each with its runs in order. */
  readonly #waiting = new Map<string, Waiter[]>();
  #taken = 0;
  #queued = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Runs that wait for a place. */
  get queued(): number {
    return this.#queued;
  }

  /**
   * Takes a place, at once or when it is the principal's turn.
   *
   * @throws {AirlockError} `queue_full`, at once.
   * @throws What the signal was aborted with, while waiting.
   */
  enter(principal: string, signal: AbortSignal): Promise<Place> {
    if (this.#taken < this.#options.maxConcurrent) return Promise.resolve(this.#take());
    if (this.#queued >= this.#options.queue) {
      const message = `Cannot start a run: ${this.#queued} are waiting already`;
      throw new AirlockError("queue_full", message, { retryAfterSeconds });
    }
    return this.#wait(principal, signal);
  }

  #wait(principal: string, signal: AbortSignal): Promise<Place> {
    const { promise, resolve, reject } = Promise.withResolvers<Place>();
    const waiters = this.#waiting.get(principal) ?? [];
    this.#waiting.set(principal, waiters);
    const leave = () => {
      waiters.splice(waiters.indexOf(waiter), 1);
      if (waiters.length === 0) this.#waiting.delete(principal);
      this.#queued--;
      reject(signal.reason);
    };
    const waiter: Waiter = {
      admit(place) {
        signal.removeEventListener("abort", leave);
        resolve(place);
      },
    };
    waiters.push(waiter);
    this.#queued++;
    signal.addEventListener("abort", leave, { once: true });
    return promise;
  }

  #take(): Place {
    this.#taken++;
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (!isTaken) return;
        isTaken = false;
        this.#taken--;
        this.#admitNext();
      },
    };
  }

  #admitNext(): void {
    const next = this.#waiting.entries().next().value;
    if (next === undefined) return;
    const [principal, waiters] = next;
    const waiter = waiters.shift();
    this.#waiting.delete(principal);
    if (waiters.length > 0) this.#waiting.set(principal, waiters);
    this.#queued--;
    waiter?.admit(this.#take());
  }
}
