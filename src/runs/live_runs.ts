/** Runs that are under way, and for a while those that have ended. @module */

import type { Principal } from "../grants/principal.ts";
import type { RunRecord } from "./run_record.ts";

/** A run in memory. */
export interface LiveRun {
  /** Its report as it grows. */
  record: RunRecord;
  /** Stops it. */
  stop: AbortController;
  /** Resolves when it has ended and its report is stored. */
  done: Promise<void>;
}

/** How long an ended run stays in memory, for those who follow its events. */
const lingerMs = 30_000;
/** How many ended runs stay in memory at the most. */
const maxLingering = 16;

/** Keeps them by their ids. */
export class LiveRuns implements Disposable {
  readonly #live = new Map<string, LiveRun>();
  readonly #lingering = new Map<string, ReturnType<typeof setTimeout>>();

  /** A run that was just taken in. */
  add(run: LiveRun): void {
    this.#live.set(run.record.id, run);
  }

  /** A run that came to nothing. */
  delete(id: string): void {
    this.#live.delete(id);
  }

  /** All that are here. */
  all(): LiveRun[] {
    return [...this.#live.values()];
  }

  /** One of a principal's. */
  find(id: string, principal: Principal): LiveRun | undefined {
    const live = this.#live.get(id);
    return live?.record.principal === principal.name ? live : undefined;
  }

  /** Keeps an ended run for a while; the oldest goes where there are many. */
  linger(id: string): void {
    const forget = (old: string) => {
      clearTimeout(this.#lingering.get(old));
      this.#lingering.delete(old);
      this.#live.delete(old);
    };
    const timer = setTimeout(() => forget(id), lingerMs);
    Deno.unrefTimer(timer);
    this.#lingering.set(id, timer);
    const [oldest] = this.#lingering.keys();
    if (this.#lingering.size > maxLingering) forget(oldest);
  }

  /** Stops forgetting: nobody asks any more. */
  [Symbol.dispose](): void {
    this.#lingering.forEach((timer) => clearTimeout(timer));
  }
}
