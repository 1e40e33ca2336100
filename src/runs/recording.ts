/** One go at a durable run: what it asks for goes on record, and it rests where it waits for people. @module */

import type { AirlockError } from "../errors/airlock_error.ts";
import type { Json } from "../protocol/json.ts";
import type { GuestQuery } from "../protocol/messages.ts";
import type { SandboxAnswer } from "../sandbox/host_process.ts";
import type { JournalPlace, JournalRequest, Journals, RunJournal } from "./run_journal.ts";

/** How long nothing may happen before a run that waits for a person gives its process up, milliseconds. */
const quietMs = 300;
/** Longest wait that a timer of the platform takes. */
const maxTimerMs = 2 ** 31 - 1;

/** A promise for nobody: whoever awaits it belongs to a go that has ended. */
function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}

/** Keeps one go to its record. */
export class Recording {
  /** Ends the go. */
  readonly stop: AbortController = new AbortController();
  /** Ends the waiting for people, where the run has ended. */
  readonly asks: AbortController = new AbortController();
  /** The code took another way than before. */
  divergence: AirlockError | undefined;
  /** It waits for people alone, and its process was given up. */
  isSuspended = false;
  /** The go has ended before the run: what was under way is not to be recorded. */
  isAbandoned = false;
  readonly #journal: RunJournal;
  readonly #journals: Pick<Journals, "commit">;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #decisions = new Set<Promise<void>>();
  #busy = 0;
  #nextDue = Infinity;
  #quiet: ReturnType<typeof setTimeout> | undefined;

  /** With nothing asked for yet. */
  constructor(journal: RunJournal, journals: Pick<Journals, "commit">) {
    [this.#journal, this.#journals] = [journal, journals];
  }

  /** Takes in what the code asks for; nothing where that ends the go. */
  enter(request: JournalRequest): JournalPlace | undefined {
    if (this.stop.signal.aborted) return undefined;
    try {
      return this.#journal.enter(request);
    } catch (error) {
      if (!isDivergence(error)) throw error;
      this.divergence = error;
      this.stop.abort();
      return undefined;
    }
  }

  /** Counts what is under way beside the waiting for people. */
  begins(): void {
    this.#busy++;
    clearTimeout(this.#quiet);
  }

  /** It is over; gives whether the go still goes on. */
  ends(): void {
    this.#busy--;
    this.#rest();
  }

  /** Waits for a person; never comes back where the go is given up meanwhile. */
  async asking(decision: Promise<void>): Promise<void> {
    const settled = decision.then(() => undefined, () => undefined);
    this.#decisions.add(settled);
    this.ends();
    try {
      await decision;
    } finally {
      this.#decisions.delete(settled);
      if (this.isSuspended || this.isAbandoned) await never();
      this.begins();
    }
  }

  /** Resolves when a person has decided, a timer is due, or the signal fires. */
  async resumed(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = () => resolve();
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    const timer = Number.isFinite(this.#nextDue)
      ? setTimeout(stop, Math.min(maxTimerMs, Math.max(0, this.#nextDue - Date.now())))
      : undefined;
    await Promise.race([promise, ...this.#decisions]);
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    this.asks.abort();
  }

  /** A timer of the code: gives the recorded time at which it is due. */
  async timer(ms: number): Promise<number> {
    const place = this.enter({ kind: "timer", name: "timer", args: ms });
    if (place === undefined) return await never();
    if (place.isAnswered) return (await place.recorded()).at;
    const due = place.due ?? Date.now() + ms;
    await place.begin(due);
    await this.#until(due);
    const answer = { type: "tool_result" as const, json: "null" };
    return (await this.#commit(place, { answer, ms })).at ?? due;
  }

  /** A question about tools. */
  async query(
    query: GuestQuery,
    args: Json,
    act: () => Promise<SandboxAnswer>,
  ): Promise<SandboxAnswer> {
    const place = this.enter({ kind: "query", name: query, args });
    if (place === undefined) return await never();
    if (place.isAnswered) return withTime(await place.recorded());
    this.begins();
    await place.begin();
    const answer = await act();
    const recorded = await this.#commit(place, { answer, ms: 0 });
    this.ends();
    return recorded;
  }

  /** Lets go of timers; the waiting for people ends too, unless the run rests. */
  end(isFinal: boolean): void {
    this.isAbandoned = !isFinal;
    clearTimeout(this.#quiet);
    for (const timer of this.#timers) clearTimeout(timer);
    if (!this.isSuspended) this.asks.abort();
  }

  /** What is to be recorded, where the go still counts; otherwise nobody goes on from here. */
  async assertCounts(): Promise<void> {
    if (this.isAbandoned) await never();
  }

  async #commit(
    place: JournalPlace,
    { answer, ms }: { answer: SandboxAnswer; ms: number },
  ): Promise<SandboxAnswer> {
    await this.#journals.commit(await place.prepare({ answer, outcome: "ok", ms }));
    return withTime(await place.finish());
  }

  async #until(due: number): Promise<void> {
    this.#nextDue = Math.min(this.#nextDue, due);
    while (Date.now() < due) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, Math.min(maxTimerMs, due - Date.now()));
      this.#timers.add(timer);
      await promise;
      this.#timers.delete(timer);
    }
  }

  /** Gives the process up where people alone are waited for, and nothing happens for a while. */
  #rest(): void {
    clearTimeout(this.#quiet);
    if (this.#busy > 0 || this.#decisions.size === 0) return;
    this.#quiet = setTimeout(() => {
      if (this.#busy > 0 || this.#decisions.size === 0 || this.stop.signal.aborted) return;
      this.isSuspended = true;
      this.stop.abort();
    }, quietMs);
  }
}

/** An answer on record as code gets it. */
export function withTime({ answer, at }: { answer: SandboxAnswer; at: number }): SandboxAnswer {
  return { ...answer, at };
}

function isDivergence(error: unknown): error is AirlockError {
  return error instanceof Error && "code" in error && error.code === "replay_diverged";
}
