/** How long a host takes to be there, and a warm one to reach the first line of code. @module */

import { hostCommand } from "../src/sandbox/host_command.ts";
import { startHost } from "../src/sandbox/host_process.ts";
import { BenchServer } from "./bench_server.ts";
import { type Figure, samplesFor, type Section, summarize, timeEach } from "./figure.ts";
import { pause } from "./pause.ts";

/** Spawn of a host to ready; start of a run to the first line of its code. */
export const startSection: Section = {
  name: "start",
  measure: async (effort) => [
    await measureSpawn(samplesFor(effort, 10)),
    await measureWarmStart(samplesFor(effort, 40)),
  ],
};

async function measureSpawn(count: number): Promise<Figure> {
  const folder = await Deno.makeTempDir({ prefix: "airlock-bench-" });
  const command = hostCommand({ heapMb: 208, fresh: "worker", denoDir: `${folder}/deno` });
  const samples = await timeEach(count, async () => {
    const host = startHost(command, { maxFrameBytes: 65_536, cwd: folder });
    const idle = new Promise<void>((resolve) => {
      host.listener = { message: ({ type }) => type === "idle" && resolve() };
    });
    await idle;
    host.kill();
    await host.exit;
  });
  await Deno.remove(folder, { recursive: true });
  return {
    name: "a new host, from spawn to ready and gone again",
    isolation: "process, new worker",
    unit: "ms",
    ...summarize(samples),
  };
}

async function measureWarmStart(count: number): Promise<Figure> {
  await using server = await BenchServer.start();
  const samples: number[] = [];
  for (let done = 0; done < count; done++) {
    const { usage, logs } = await server.run("console.log(1)");
    samples.push(usage.startMs + logs[0].ms);
    await pause(50);
  }
  return {
    name: "warm start, to the first line of code",
    isolation: "process, new worker",
    unit: "ms",
    ...summarize(samples),
    aim: "at most 2",
  };
}
