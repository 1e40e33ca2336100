/** Where hosts come from: an empty folder to stand in, a throw-away folder each. @module */

import { join } from "node:path";
import type { Limits, SandboxConfig } from "../config/config.ts";
import { logger } from "../log/log.ts";
import { type Hardening, noHardening, probeHardening } from "./hardening.ts";
import { UnreadBytes } from "./frame_writer.ts";
import { hostCommand, hostScript } from "./host_command.ts";
import { HostPool } from "./host_pool.ts";
import { startHost } from "./host_process.ts";
import { startWorkerHost } from "./worker_host.ts";

const log = logger("sandbox");

/** Bytes a message has beside the value it carries. */
const frameOverheadBytes = 64 * 1024;
/** What a host needs beside V8's heap, MiB. */
const hostBaseMb = 48;

/** A pool and what keeps its hosts in. */
export interface StartedHosts extends AsyncDisposable {
  /** The hosts. */
  readonly pool: HostPool;
  /** What the operating system adds, in words. */
  readonly hardening: string[];
}

/** Starts the pool of hosts that the configuration asks for. */
export async function startHosts(sandbox: SandboxConfig, limits: Limits): Promise<StartedHosts> {
  const folder = await Deno.makeTempDir({ prefix: "airlock-" });
  const hardening = sandbox.isolation === "worker"
    ? noHardening
    : await findHardening(limits, folder);
  log.info("isolation found", { layers: hardening.layers });
  const { fresh, warm, maxConcurrent, reuse } = sandbox;
  const { memoryMb, argumentBytes, resultBytes, logBytes } = limits;
  const heapMb = Math.max(16, memoryMb - hostBaseMb);
  const maxFrameBytes = Math.max(argumentBytes, resultBytes, 6 * logBytes) + frameOverheadBytes;
  const unread = new UnreadBytes();
  let started = 0;
  /** Folders of ended hosts that are being removed. */
  const removals = new Set<Promise<void>>();
  const startWorker = () => startWorkerHost({ maxFrameBytes, fresh });
  const startProcess = () => {
    const denoDir = join(folder, `host-${++started}`);
    const command = hostCommand({ heapMb, fresh, denoDir, prefix: hardening.prefix });
    const host = startHost(command, { maxFrameBytes, cwd: folder, unread });
    const removal = host.exit.then(() => removeFolder(denoDir))
      .catch((error) => log.warn("folder of a host not removed", { error }))
      .finally(() => removals.delete(removal));
    removals.add(removal);
    return host;
  };
  const maxIdleMb = Math.max(96, memoryMb / 2);
  const start = sandbox.isolation === "worker" ? startWorker : startProcess;
  const pool = new HostPool({ start }, { warm, reuse, maxIdle: maxConcurrent, maxIdleMb });
  return {
    pool,
    hardening: hardening.layers,
    async [Symbol.asyncDispose]() {
      await pool[Symbol.asyncDispose]();
      unread[Symbol.dispose]();
      await Promise.all(removals);
      await removeFolder(folder);
    },
  };
}

async function findHardening({ memoryMb }: Limits, folder: string): Promise<Hardening> {
  // A compiled binary reads its own parts before it is a host; nobody has tried it under these.
  if (Deno.build.standalone) return noHardening;
  const command = Deno.execPath();
  return await probeHardening({ command, readable: [hostScript], memoryMb, folder });
}

async function removeFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    // A host makes its folder only when it has something to put there.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
