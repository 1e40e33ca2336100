/** Says what keeps code in. @module */

import type { SandboxConfig } from "../config/config.ts";

/** The layers in force, for `/readyz` and the start of the server. */
export function describeIsolation(
  { isolation, fresh }: SandboxConfig,
  hardening: string[],
): Record<string, unknown> {
  return {
    isolation,
    process: isolation === "process"
      ? "own process for each run under way, every permission denied"
      : "none: code that spins or exhausts memory takes the server along",
    worker: fresh === "worker" ? "new for each run, no permissions" : "no permissions",
    realm: "new for each run, no code from strings, no imports",
    system: hardening,
  };
}
