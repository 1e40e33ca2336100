/** Runs a second, held against what the machine can make of Workers in the same minute. @module */

import { fileURLToPath } from "node:url";
import { BenchServer, type BenchSettings } from "./bench_server.ts";
import { type Figure, hundredths, type Isolation, type Section } from "./figure.ts";
import { parseFloorLine } from "./floor_line.ts";

/** Runs a second with eight in flight, and the machine's floor before and after. */
export const throughputSection: Section = {
  name: "throughput",
  measure: async (effort) => {
    const windowMs = Math.max(500, 4_000 * effort);
    const before = await measureFloors(windowMs);
    const worker = await measureServer(windowMs, "process, new worker", {});
    const each = await measureServer(windowMs, "process each run", { sandbox: { reuse: 0 } });
    const realm = await measureServer(windowMs, "process, new realm", {
      sandbox: { fresh: "realm" },
    });
    const after = await measureFloors(windowMs);
    const bare = (before.bare + after.bare) / 2;
    const withContext = (before.withContext + after.withContext) / 2;
    return [
      floorFigure("floor: fresh Workers in two plain processes", bare),
      floorFigure("floor: the same, each with a node:vm context", withContext),
      worker,
      { ...ratioFigure("runs beside fresh Workers", worker, bare), aim: "0.8" },
      {
        ...ratioFigure("runs beside fresh Workers with a context", worker, withContext),
        aim: "0.8",
      },
      each,
      { ...realm, aim: "at least 400" },
    ];
  },
};

const inFlight = 8;

async function measureServer(
  windowMs: number,
  isolation: Isolation,
  settings: BenchSettings,
): Promise<Figure> {
  await using server = await BenchServer.start(settings);
  await countRuns(server, windowMs / 2);
  const value = hundredths(await countRuns(server, windowMs));
  return { name: `runs with ${inFlight} in flight`, isolation, unit: "runs/s", value };
}

/** Runs a second over a window. */
async function countRuns(server: BenchServer, windowMs: number): Promise<number> {
  const startedAt = performance.now();
  let runs = 0;
  const keepRunning = async () => {
    while (performance.now() - startedAt < windowMs) {
      await server.run("return 1");
      runs++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, keepRunning));
  return runs * 1_000 / (performance.now() - startedAt);
}

async function measureFloors(windowMs: number): Promise<{ bare: number; withContext: number }> {
  return {
    bare: await measureFloor(windowMs / 2, "bare"),
    withContext: await measureFloor(windowMs / 2, "context"),
  };
}

/** Fresh Workers a second, made by two processes at once that do nothing else. */
async function measureFloor(windowMs: number, kind: "bare" | "context"): Promise<number> {
  const script = fileURLToPath(new URL("./floor_process.ts", import.meta.url));
  const flags = ["--unstable-worker-options", "--no-code-cache"];
  const processes = Array.from({ length: 2 }, () =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", ...flags, script, kind, String(windowMs)],
      stderr: "null",
    }).output());
  const outputs = await Promise.all(processes);
  return outputs.reduce((sum, { stdout }) => sum + parseFloorLine(stdout), 0);
}

function floorFigure(name: string, value: number): Figure {
  return { name, isolation: "none", unit: "workers/s", value: hundredths(value) };
}

function ratioFigure(name: string, runs: Figure, floor: number): Figure {
  const value = hundredths(runs.value / floor);
  return { name, isolation: runs.isolation, unit: "times", value };
}
