/**
 * Looks, now and then, at hosts that wait for a run: one that was taken over
 * could compute or grow where no run's bounds hold it. @module
 */

import { processUsage } from "./process_usage.ts";

/** What an idle host may use, and how often it is looked at. */
export interface IdleWatchOptions {
  /** CPU time since it became idle, milliseconds. @default {1000} */
  maxCpuMs?: number;
  /** Between two looks, milliseconds. @default {3000} */
  pauseMs?: number;
}

interface Entry {
  pid: number;
  maxMb: number;
  cpuMsBefore: number;
  onExceeded(): void;
}

/** Watches all idle hosts with one timer, which is there only while one of them is. */
export class IdleWatch {
  readonly #options: Required<IdleWatchOptions>;
  readonly #entries = new Set<Entry>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** With nothing to watch. */
  constructor({ maxCpuMs = 1_000, pauseMs = 3_000 }: IdleWatchOptions = {}) {
    this.#options = { maxCpuMs, pauseMs };
  }

  /**
   * Begins to watch a process that is idle from now on; disposing of it ends that.
   *
   * @param maxMb Resident memory it may have, MiB.
   * @param onExceeded Called once, when it uses more than it may.
   */
  watch(pid: number | undefined, maxMb: number, onExceeded: () => void): Disposable {
    const before = pid === undefined ? undefined : processUsage(pid);
    if (pid === undefined || before === undefined) return { [Symbol.dispose]: () => {} };
    const entry: Entry = { pid, maxMb, cpuMsBefore: before.cpuMs, onExceeded };
    this.#entries.add(entry);
    this.#timer ??= this.#start();
    return { [Symbol.dispose]: () => this.#forget(entry) };
  }

  #start(): ReturnType<typeof setInterval> {
    const timer = setInterval(() => this.#lookAtAll(), this.#options.pauseMs);
    Deno.unrefTimer(timer);
    return timer;
  }

  #lookAtAll(): void {
    for (const entry of this.#entries) {
      if (!this.#isExceeded(entry)) continue;
      this.#forget(entry);
      entry.onExceeded();
    }
  }

  #isExceeded({ pid, maxMb, cpuMsBefore }: Entry): boolean {
    const usage = processUsage(pid);
    if (usage === undefined) return false;
    return usage.residentMb > maxMb || usage.cpuMs - cpuMsBefore > this.#options.maxCpuMs;
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry);
    if (this.#entries.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
