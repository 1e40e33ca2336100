/** What a tool call costs on its way through the bridge, and what of it is the receipt. @module */

import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { z } from "zod";
import { BenchServer, echoCommand } from "./bench_server.ts";
import {
  type Figure,
  hundredths,
  samplesFor,
  type Section,
  summarize,
  timeEach,
} from "./figure.ts";
import { pause } from "./pause.ts";

/** Calls one after another and at once, beside a bare client and a bare commit. */
export const callsSection: Section = {
  name: "calls",
  measure: async (effort) => {
    const bare = await measureBareCall(samplesFor(effort, 400));
    const commit = await measureCommit(samplesFor(effort, 300));
    const onFile = await measureBridge(effort, "file");
    const inMemory = await measureBridge(effort, ":memory:");
    const perCall = inMemory.find(({ name }) => name.includes("100 one after another"))?.value ?? 0;
    return [bare, commit, ...onFile, ...inMemory, {
      name: "a call through the bridge beside a bare one, without a file",
      isolation: "process, new worker",
      unit: "times",
      value: hundredths(perCall / bare.value),
    }];
  },
};

const milliseconds = z.number();

async function measureBareCall(count: number): Promise<Figure> {
  const client = new Client({ name: "bench", version: "1" });
  await client.connect(new StdioClientTransport({ ...echoCommand, stderr: "ignore" }));
  const call = () => client.callTool({ name: "echo", arguments: { text: "hello" } });
  await timeEach(20, call);
  const samples = await timeEach(count, call);
  await client.close();
  return {
    name: "one call, bare MCP client",
    isolation: "none",
    unit: "ms",
    ...summarize(samples),
  };
}

/** What a receipt alone costs: a value of its size, committed to a file. */
async function measureCommit(count: number): Promise<Figure> {
  const folder = await Deno.makeTempDir({ prefix: "airlock-bench-" });
  using kv = await Deno.openKv(`${folder}/bench.db`);
  let seq = 0;
  const receipt = "r".repeat(900);
  const samples = await timeEach(
    count,
    () => kv.atomic().set(["receipt", "bench", ++seq], receipt).commit(),
  );
  await Deno.remove(folder, { recursive: true });
  return {
    name: "one commit of a receipt's size to a file",
    isolation: "none",
    unit: "ms",
    ...summarize(samples),
  };
}

async function measureBridge(effort: number, kind: "file" | ":memory:"): Promise<Figure[]> {
  const where = kind === "file" ? "receipts in a file" : "receipts in memory";
  const limits = { callsInFlight: 128 };
  await using server = await BenchServer.start(kind === "file" ? { limits } : { limits, kv: kind });
  const shared = { isolation: "process, new worker", unit: "ms" } as const;
  const figures: Figure[] = [];
  for (const calls of [1, 10, 100]) {
    const loop = `for (let i = 0; i < ${calls}; i++) await echo.echo({ text: "hello" })`;
    const samples = await timeInside(server, samplesFor(effort, 10), loop);
    figures.push({
      name: `a call, of ${calls} one after another, ${where}`,
      ...shared,
      ...summarize(samples.map((ms) => ms / calls)),
    });
  }
  const all = 'await Promise.all(Array.from({ length: 100 }, () => echo.echo({ text: "hello" })))';
  const together = await timeInside(server, samplesFor(effort, 10), all);
  figures.push({
    name: `a call, of 100 at once, ${where}`,
    ...shared,
    ...summarize(together.map((ms) => ms / 100)),
  });
  const slow = "await Promise.all(Array.from({ length: 20 }, () => echo.pause({ ms: 10 })))";
  figures.push({
    name: `twenty tools of 10 ms at once, ${where}`,
    ...shared,
    ...summarize(await timeInside(server, samplesFor(effort, 10), slow)),
    aim: "at most 15",
  });
  return figures;
}

/** How long some code takes in a warm host, by the guest's own clock: the run's start is left out. */
async function timeInside(server: BenchServer, count: number, code: string): Promise<number[]> {
  const timed =
    `const startedAt = performance.now();\n${code};\nreturn performance.now() - startedAt`;
  const samples: number[] = [];
  for (let done = 0; done < count; done++) {
    await pause(60);
    samples.push(milliseconds.parse((await server.run(timed)).result));
  }
  return samples;
}
