/** What an idle host holds of the machine's memory. @module */

import { BenchServer } from "./bench_server.ts";
import { type Figure, hundredths, type Section, summarize } from "./figure.ts";

/** Resident and proportional memory of each idle host; Linux only, elsewhere no figures. */
export const memorySection: Section = {
  name: "memory",
  measure: async () => {
    if (Deno.build.os !== "linux") return [];
    await using server = await BenchServer.start({ sandbox: { warm: 3 } });
    const hosts = (await Array.fromAsync(hostsOf(server.pid))).map(memoryOf);
    const shared = { isolation: "process, new worker", unit: "MiB" } as const;
    return [
      figure("an idle host, resident", hosts.map(({ residentMb }) => residentMb)),
      figure("an idle host, its share (PSS)", hosts.map(({ shareMb }) => shareMb)),
      { name: "the server itself, resident", ...shared, value: memoryOf(server.pid).residentMb },
    ];
  },
};

function figure(name: string, samples: readonly number[]): Figure {
  const { value } = summarize(samples);
  return { name, isolation: "process, new worker", unit: "MiB", value };
}

/** Process ids of the hosts that a server started. */
async function* hostsOf(server: number): AsyncGenerator<number> {
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = /\nPPid:\s*(\d+)/.exec(readProc(`${name}/status`))?.[1];
    const isHost = readProc(`${name}/cmdline`).includes("workers/dist/host.js");
    if (Number(parent) === server && isHost) yield Number(name);
  }
}

function memoryOf(pid: number): { residentMb: number; shareMb: number } {
  const text = readProc(`${pid}/smaps_rollup`);
  const mebibytes = (field: string) =>
    hundredths(Number(new RegExp(`^${field}:\\s*(\\d+) kB`, "m").exec(text)?.[1]) / 1_024);
  return { residentMb: mebibytes("Rss"), shareMb: mebibytes("Pss") };
}

/** A file of `/proc`; empty where its process has just ended. */
function readProc(path: string): string {
  try {
    return Deno.readTextFileSync(`/proc/${path}`);
  } catch (error) {
    const isGone = error instanceof Deno.errors.NotFound ||
      (error instanceof Error && "code" in error && error.code === "ESRCH");
    if (isGone) return "";
    throw error;
  }
}
