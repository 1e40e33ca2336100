/** What holds where nobody said otherwise. @module */

import type { Limits, SandboxConfig } from "./config.ts";

/** Bounds of a run. */
export const defaultLimits: Readonly<Limits> = {
  timeoutMs: 30_000,
  cpuMs: 10_000,
  memoryMb: 256,
  calls: 256,
  callsInFlight: 32,
  argumentBytes: 1_048_576,
  answerBytes: 4_194_304,
  logBytes: 65_536,
  resultBytes: 1_048_576,
  codeBytes: 262_144,
};

/** How runs are isolated. */
export const defaultSandbox: Readonly<SandboxConfig> = {
  isolation: "process",
  warm: 2,
  maxConcurrent: 16,
  queue: 256,
  reuse: 32,
  fresh: "worker",
};

/** Where the server listens: on this machine only. */
export const defaultListen: Readonly<{ host: string; port: number }> = {
  host: "127.0.0.1",
  port: 8787,
};

/** How long an upstream may take, milliseconds. */
export const defaultServerTimeouts: Readonly<{ connectTimeoutMs: number; callTimeoutMs: number }> =
  { connectTimeoutMs: 30_000, callTimeoutMs: 300_000 };
