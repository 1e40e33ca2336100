/** A run that was taken in, and what it is carried out with. @module */

import type { Limits } from "../config/config.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Principal } from "../grants/principal.ts";
import type { ToolCall } from "../grants/signed_call.ts";
import type { DurableStart } from "../protocol/messages.ts";
import type { SandboxListener, SandboxOutcome, SandboxRun } from "../sandbox/run_in_host.ts";
import type { Place } from "./admission.ts";
import type { Journals } from "./run_journal.ts";
import type { RunRecord } from "./run_record.ts";
import type { RunRequest } from "./run_service.ts";
import type { DirectReach, RunTools } from "./run_tools.ts";

/** What runs are carried out with. */
export interface ExecuteRunDeps {
  /** Waits until the tools that code names can be known. Never rejects. @default {they are} */
  awaitTools?(code: string, signal: AbortSignal): Promise<void>;
  /** Fixes what the run may reach. */
  openTools(
    run: string,
    principal: Principal,
    globs: readonly string[],
    reach?: DirectReach,
  ): Promise<RunTools>;
  /**
   * Waits for a person; throws `tool_denied` where the answer is no. With a `key` the decision is
   * kept for the run, and holds for the same call when it is asked about again.
   */
  ask(
    record: RunRecord,
    call: ToolCall,
    reason: string,
    signal: AbortSignal,
    key?: string,
  ): Promise<void>;
  /** Keeps the records of durable runs. @default {no run is durable} */
  journals?: Journals;
  /** Runs code in a host. */
  sandbox(principal: string, run: SandboxRun, to: SandboxListener): Promise<SandboxOutcome>;
}

/** A run that was taken in. */
export interface AcceptedRun {
  /** Its report as it grows. */
  record: RunRecord;
  /** What was asked for. */
  request: RunRequest;
  /** On whose behalf. */
  principal: Principal;
  /** Its bounds, the request's put over the configured ones. */
  limits: Limits;
  /** Stops it. */
  signal: AbortSignal;
  /** Its place, taken or waited for since it was taken in. */
  place: Promise<Place>;
  /** Waits for a place again, after it gave its own up. */
  enter(): Promise<Place>;
  /** What it began with, once it is durable. */
  durable?: DurableStart;
}

/** Why runs are stopped when the server ends: durable ones go on after the next start. */
export const serverEnds: AirlockError = new AirlockError(
  "shutting_down",
  "Cannot go on: the server is shutting down",
);

/** Whether a durable run is stopped only to go on at the next server. */
export function isLeftForLater({ signal, durable }: AcceptedRun): boolean {
  return durable !== undefined && signal.aborted && signal.reason === serverEnds;
}
