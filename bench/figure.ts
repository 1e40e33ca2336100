/** What a benchmark says: one figure, where it belongs, and how samples become one. @module */

/** Where the code of a figure ran. */
export type Isolation =
  /** A warm host process, in it a new Worker for each run: the default. */
  | "process, new worker"
  /** The same without reuse: each run has a process of its own. */
  | "process each run"
  /** A warm host process whose Worker serves many runs, each with a new realm. */
  | "process, new realm"
  /** No sandbox: what the machine can do, or what a bare client sees. */
  | "none";

/** One line of the table. */
export interface Figure {
  name: string;
  isolation: Isolation;
  unit: "ms" | "runs/s" | "workers/s" | "MiB" | "tokens" | "times";
  /** The median where there were many samples. */
  value: number;
  p95?: number;
  p99?: number;
  /** What `DESIGN.md` hopes for, in words: the machine has a say in it. */
  aim?: string;
}

/** One subject: measures, and gives its figures in the order they are read in. */
export interface Section {
  name: string;
  /**
   * Measures.
   *
   * @param effort 1 for a real measurement; less takes fewer samples.
   */
  measure(effort: number): Promise<Figure[]>;
}

/** Median and tail of samples, rounded to hundredths. */
export function summarize(samples: readonly number[]): { value: number; p95: number; p99: number } {
  if (samples.length === 0) throw new RangeError("Cannot summarize samples: there are none");
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) =>
    hundredths(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
  return { value: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** A number as it is shown: to hundredths. */
export function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

/** How many samples an effort is worth, at least one. */
export function samplesFor(effort: number, full: number): number {
  return Math.max(1, Math.round(full * effort));
}

/** How long each of many goes takes, one after the other, milliseconds. */
export async function timeEach(count: number, go: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let done = 0; done < count; done++) {
    const startedAt = performance.now();
    await go();
    samples.push(performance.now() - startedAt);
  }
  return samples;
}
