/** Looks at what running hosts use, and tells when one is over its bounds. @module */

import { processUsage } from "./process_usage.ts";

/** Bounds of one run that only the operating system can tell are kept. */
export interface WatchBounds {
  /** CPU time from now on, milliseconds. */
  cpuMs: number;
  /** Resident memory of the process, MiB. */
  memoryMb: number;
}

/** One watched run. */
export interface Watch {
  /** CPU time and highest memory seen so far. */
  usage(): { cpuMs: number; peakMemoryMb: number };
  /** Ends the watching. */
  [Symbol.dispose](): void;
}

interface Entry {
  pid: number;
  bounds: WatchBounds;
  cpuMsBefore: number;
  cpuMs: number;
  peakMemoryMb: number;
  onExceeded(code: "cpu_limit" | "out_of_memory"): void;
}

/** Between two looks: a bomb takes well under 100 MB in that time. */
const pauseMs = 20;

/** Watches all hosts at work with one timer, which stands still while none is. */
export class Watchdog {
  readonly #entries = new Set<Entry>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * Begins to watch a process.
   *
   * @param onExceeded Called once, with the bound that was crossed first.
   */
  watch(pid: number | undefined, bounds: WatchBounds, onExceeded: Entry["onExceeded"]): Watch {
    const before = pid === undefined ? undefined : processUsage(pid);
    if (pid === undefined || before === undefined) {
      return { usage: () => ({ cpuMs: 0, peakMemoryMb: 0 }), [Symbol.dispose]: () => {} };
    }
    const entry: Entry = {
      pid,
      bounds,
      cpuMsBefore: before.cpuMs,
      cpuMs: 0,
      peakMemoryMb: before.residentMb,
      onExceeded,
    };
    this.#entries.add(entry);
    this.#timer ??= setInterval(() => this.#entries.forEach((each) => this.#look(each)), pauseMs);
    return {
      usage: () => {
        measure(entry);
        return { cpuMs: entry.cpuMs, peakMemoryMb: Math.round(entry.peakMemoryMb * 10) / 10 };
      },
      [Symbol.dispose]: () => this.#forget(entry),
    };
  }

  #look(entry: Entry): void {
    measure(entry);
    const { bounds, cpuMs, peakMemoryMb } = entry;
    if (peakMemoryMb > bounds.memoryMb) this.#tell(entry, "out_of_memory");
    else if (cpuMs > bounds.cpuMs) this.#tell(entry, "cpu_limit");
  }

  #tell(entry: Entry, code: "cpu_limit" | "out_of_memory"): void {
    this.#forget(entry);
    entry.onExceeded(code);
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry);
    if (this.#entries.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function measure(entry: Entry): void {
  const usage = processUsage(entry.pid);
  if (usage === undefined) return;
  entry.cpuMs = usage.cpuMs - entry.cpuMsBefore;
  entry.peakMemoryMb = Math.max(entry.peakMemoryMb, usage.residentMb);
}
