/** What is said of runs that were stopped. @module */

import type { Limits } from "../config/config.ts";

/** Why a run is stopped from outside. */
export type StopCode = "timed_out" | "cpu_limit" | "out_of_memory" | "cancelled";

/** By the code of the stop. */
export const stopMessages: Record<StopCode, (limits: Limits) => string> = {
  timed_out: ({ timeoutMs }: Limits) => `The run took longer than ${timeoutMs} ms`,
  cpu_limit: ({ cpuMs }: Limits) => `The run used more than ${cpuMs} ms of CPU time`,
  out_of_memory: ({ memoryMb }: Limits) => `The run used more than ${memoryMb} MiB of memory`,
  cancelled: () => "The run was cancelled",
};
