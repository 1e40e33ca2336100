/** Runs code for a caller in this process. @module */

import { localPrincipal, type Principal } from "../grants/principal.ts";
import type { RunReport } from "./report.ts";
import type { RunRequest, RunService } from "./run_service.ts";

/** How code is run. */
export interface RunOptions extends Omit<RunRequest, "code"> {
  /** On whose behalf. @default {local} */
  principal?: Principal;
  /** Cancels the run, until it has ended or waits for a person. */
  signal?: AbortSignal;
}

/** Runs code and waits for its end, or until it waits for a person. */
export async function runToEnd(
  runs: Pick<RunService, "start" | "cancel">,
  code: string,
  options: RunOptions,
): Promise<RunReport> {
  const { principal = localPrincipal, signal, ...request } = options;
  const run = await runs.start({ ...request, code }, principal);
  const cancel = () => void runs.cancel(run.id, principal);
  if (signal?.aborted) cancel();
  signal?.addEventListener("abort", cancel);
  return await run.settled.finally(() => signal?.removeEventListener("abort", cancel));
}
