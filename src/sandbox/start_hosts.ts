/** Where hosts come from: an empty folder to stand in, a throw-away folder each. @module */

import { join } from "node:path";
import type { Limits, SandboxConfig } from "../config/config.ts";
import { hostCommand } from "./host_command.ts";
import { HostPool } from "./host_pool.ts";
import { startHost } from "./host_process.ts";

/** Bytes a message has beside the value it carries. */
const frameOverheadBytes = 64 * 1024;
/** What a host needs beside V8's heap, MiB. */
const hostBaseMb = 48;

/** A pool and the folder its hosts stand in. */
export interface StartedHosts extends AsyncDisposable {
  readonly pool: HostPool;
}

/** Starts the pool of hosts that the configuration asks for. */
export async function startHosts(sandbox: SandboxConfig, limits: Limits): Promise<StartedHosts> {
  const folder = await Deno.makeTempDir({ prefix: "airlock-" });
  const { fresh, warm, maxConcurrent, reuse } = sandbox;
  const { memoryMb, argumentBytes, resultBytes, logBytes } = limits;
  const heapMb = Math.max(16, memoryMb - hostBaseMb);
  const maxFrameBytes = Math.max(argumentBytes, resultBytes, 6 * logBytes) + frameOverheadBytes;
  let started = 0;
  const start = () => {
    const denoDir = join(folder, `host-${++started}`);
    const host = startHost(hostCommand({ heapMb, fresh, denoDir }), { maxFrameBytes, cwd: folder });
    host.exit.then(() => removeFolder(denoDir));
    return host;
  };
  const maxIdleMb = Math.max(96, memoryMb / 2);
  const pool = new HostPool({ start }, { warm, reuse, maxIdle: maxConcurrent, maxIdleMb });
  return {
    pool,
    async [Symbol.asyncDispose]() {
      await pool[Symbol.asyncDispose]();
      await removeFolder(folder);
    },
  };
}

async function removeFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    // A host makes its folder only when it has something to put there.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
