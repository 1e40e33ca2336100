/**
 * Runs much code, good and bad, in one Airlock, and compares before with after:
 * memory, descriptors, processes, temporary files. `deno task soak` makes 2,000
 * runs; the test beside it a few. @module
 */

import { join } from "node:path";
import { createAirlock } from "../../src/airlock.ts";
import type { RunStatus } from "../../src/runs/report.ts";
import { childrenOf, descriptorsOf, hasProcessTable } from "../attacks/process_table.ts";
import { until } from "../attacks/until.ts";

/** What is there at one moment. */
export interface Belongings {
  residentMb: number;
  descriptors: number;
  processes: number;
  temporaryFiles: number;
}

/** What a soak found. */
export interface SoakResult {
  runs: number;
  /** Runs that ended in another way than they must, as `code: status`. */
  wrong: string[];
  before: Belongings;
  after: Belongings;
}

/** Options of {@linkcode soak}. */
export interface SoakOptions {
  /** How many runs. @default {2000} */
  runs?: number;
  /** Told of each hundredth run. @default {nobody} */
  onProgress?: (done: number, now: Belongings) => void;
}

const atOnce = 4;
const warm = 1;

/** Code, and how it must end; one after the other, again and again. */
const kinds: { code: string; status: RunStatus; timeoutMs?: number }[] = [
  { code: "return [1, 2, 3].map((n) => n * 2)", status: "succeeded" },
  { code: `await memory.set("k", [1]); return await memory.get("k")`, status: "succeeded" },
  { code: `for (let i = 0; i < 2e3; i++) console.log("x".repeat(80))`, status: "succeeded" },
  { code: "throw new Error('x'.repeat(1e6))", status: "failed" },
  { code: "return (", status: "failed" },
  { code: "return " + "[".repeat(10_000), status: "failed" },
  { code: "for (;;) {}", status: "timed_out", timeoutMs: 100 },
  { code: "await sleep(1e9)", status: "timed_out", timeoutMs: 100 },
  {
    code: "const a = []; for (;;) a.push(new Uint8Array(1 << 24).fill(1))",
    status: "out_of_memory",
  },
  { code: "for (;;) memory.get('x')", status: "failed" },
  { code: "const f = () => Promise.resolve().then(f); f();", status: "succeeded" },
  { code: "setInterval(() => { for (;;); }, 1); return 1", status: "succeeded" },
];

/** Soaks an Airlock in a data folder of its own. */
export async function soak({ runs = 2_000, onProgress }: SoakOptions = {}): Promise<SoakResult> {
  const data = await Deno.makeTempDir();
  const settings = {
    data: join(data, "data"),
    limits: { timeoutMs: 20_000, memoryMb: 160 },
    sandbox: { warm, maxConcurrent: atOnce, reuse: 8 },
  };
  try {
    await using airlock = await createAirlock(settings);
    const wrong: string[] = [];
    const runOne = async (index: number) => {
      const { code, status, timeoutMs } = kinds[index % kinds.length];
      const limits = timeoutMs === undefined ? undefined : { timeoutMs };
      const report = await airlock.run(code, { check: false, limits });
      if (report.status !== status) wrong.push(`${code.slice(0, 60)}: ${report.status}`);
      if (index % 100 === 99) onProgress?.(index + 1, belongings());
    };
    // What is made once and kept, caches and such, is there after the first rounds.
    await inTurn(2 * kinds.length, runOne);
    await rest();
    const before = belongings();
    await inTurn(runs, runOne);
    await rest();
    return { runs, wrong, before, after: belongings() };
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

/** Waits until no host is left but those that are kept ready. */
async function rest(): Promise<void> {
  await until(
    "no host is at work",
    () => !hasProcessTable || childrenOf(Deno.pid).length <= warm + atOnce,
  );
}

function belongings(): Belongings {
  return {
    residentMb: Math.round(Deno.memoryUsage().rss / 1_048_576),
    descriptors: descriptorsOf(Deno.pid),
    processes: childrenOf(Deno.pid).length,
    temporaryFiles: [...Deno.readDirSync(temporaryFolder())].length,
  };
}

function temporaryFolder(): string {
  const made = Deno.makeTempDirSync();
  Deno.removeSync(made);
  return join(made, "..");
}

async function inTurn(count: number, act: (index: number) => Promise<void>): Promise<void> {
  const queue = Array.from({ length: count }, (_, index) => index).values();
  const work = async () => {
    for (const index of queue) await act(index);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

if (import.meta.main) {
  const runs = Number(Deno.args[0] ?? 2_000);
  const result = await soak({
    runs,
    onProgress: (done, now) => console.error(done, JSON.stringify(now)),
  });
  console.log(JSON.stringify(result, undefined, 2));
  const grew = result.after.residentMb - result.before.residentMb;
  Deno.exit(result.wrong.length === 0 && grew < 100 ? 0 : 1);
}
