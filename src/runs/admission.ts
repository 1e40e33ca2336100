/** Who may run now: so many at once, the rest in a queue that is fair between principals. @module */

import { AirlockError } from "../errors/airlock_error.ts";

/** How many runs there may be. */
export interface AdmissionOptions {
  /** Runs under way at once. */
  maxConcurrent: number;
  /** Runs that may wait. */
  queue: number;
  /**
   * Whether there are several principals: then none of them may have every
   * place, nor fill the queue.
   * @default {false}
   */
  isShared?: boolean;
}

/** A place that was taken; disposing of it gives it to the next in the queue. */
export type Place = Disposable;

interface Waiter {
  admit(place: Place): void;
}

/** Seconds after which a refused client may try again. */
const retryAfterSeconds = 1;

/** Of all places, and of the queue, so much is one principal's at the most where there are several. */
const placeShare = 0.75;
const queueShare = 0.5;

/** Hands out places. Each principal in the queue has its turn, however many runs it brings. */
export class Admission {
  readonly #options: AdmissionOptions;
  /** Places and waiting runs that one principal may have. */
  readonly #most: { places: number; waiting: number };
  /** Principals in the order of their turns, each with its runs in order. */
  readonly #waiting = new Map<string, Waiter[]>();
  /** Places taken, by principal. */
  readonly #running = new Map<string, number>();
  #taken = 0;
  #queued = 0;

  /** With all places free. */
  constructor(options: AdmissionOptions) {
    this.#options = options;
    const { maxConcurrent, queue, isShared = false } = options;
    this.#most = isShared
      ? {
        places: Math.max(1, Math.floor(maxConcurrent * placeShare)),
        waiting: Math.max(1, Math.floor(queue * queueShare)),
      }
      : { places: maxConcurrent, waiting: queue };
  }

  /** Runs that wait for a place. */
  get queued(): number {
    return this.#queued;
  }

  /**
   * Takes nothing; for those who must know before they begin.
   *
   * @throws {AirlockError} `queue_full` where {@linkcode enter} would throw it now.
   */
  assertRoom(principal: string): void {
    const own = this.#waiting.get(principal)?.length ?? 0;
    const isFull = this.#queued >= this.#options.queue || own >= this.#most.waiting;
    if (!isFull || this.#hasPlaceFor(principal)) return;
    const message = `Cannot start a run: ${this.#queued} are waiting already`;
    throw new AirlockError("queue_full", message, { retryAfterSeconds });
  }

  /**
   * Takes a place, at once or when it is the principal's turn.
   *
   * @throws {AirlockError} `queue_full`, at once.
   * @throws What the signal was aborted with, while waiting.
   */
  enter(principal: string, signal: AbortSignal): Promise<Place> {
    this.assertRoom(principal);
    if (this.#hasPlaceFor(principal)) return Promise.resolve(this.#take(principal));
    return this.#wait(principal, signal);
  }

  #hasPlaceFor(principal: string): boolean {
    return this.#taken < this.#options.maxConcurrent &&
      (this.#running.get(principal) ?? 0) < this.#most.places;
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

  #take(principal: string): Place {
    this.#taken++;
    this.#count(principal, 1);
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (!isTaken) return;
        isTaken = false;
        this.#taken--;
        this.#count(principal, -1);
        this.#admitNext();
      },
    };
  }

  #count(principal: string, change: number): void {
    const running = (this.#running.get(principal) ?? 0) + change;
    if (running > 0) this.#running.set(principal, running);
    else this.#running.delete(principal);
  }

  #admitNext(): void {
    const next = [...this.#waiting].find(([principal]) => this.#hasPlaceFor(principal));
    if (next === undefined) return;
    const [principal, waiters] = next;
    const waiter = waiters.shift();
    this.#waiting.delete(principal);
    if (waiters.length > 0) this.#waiting.set(principal, waiters);
    this.#queued--;
    waiter?.admit(this.#take(principal));
  }
}
