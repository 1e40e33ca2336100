/** What the rest of Airlock may ask of runs. @module */

import type { Limits } from "../config/config.ts";
import type { Principal } from "../grants/principal.ts";
import type { Json } from "../protocol/json.ts";
import type { Approval, RunEvent, RunReport, RunSummary } from "./report.ts";

/** A piece of code to run, already parsed: the body of `POST /v1/runs`. */
export interface RunRequest {
  /** TypeScript, in any form of `API.md` section 4. */
  code: string;
  /** Tools it may call, as globs. @default {all the principal may call} */
  tools?: string[];
  /** The global `input`. @default {undefined} */
  input?: Json;
  /** Lower bounds than the configured ones; a higher one is `invalid_request`. */
  limits?: Partial<Limits>;
  /** Type-check first. @default {true} */
  check?: boolean;
  /** Survives a crash. @default {false} */
  durable?: boolean;
}

/** How a run is started. */
export interface StartOptions {
  /** The same request under the same key is the same run. @default {each is a new one} */
  idempotencyKey?: string;
  /** It was called by the code of another run, whose place it uses. @default {false} */
  isNested?: boolean;
}

/** A run that was taken in. */
export interface StartedRun {
  /** Its id: `run_` and 128 random bits. */
  readonly id: string;
  /** The report as it stands now. */
  report(): RunReport;
  /** Resolves when the run is final, or waits for an approval; never rejects. */
  settled: Promise<RunReport>;
}

/** A page of a list. */
export interface Page<T> {
  /** What is on it. */
  items: T[];
  /** Pass it back to get the next page; absent on the last. */
  cursor?: string;
}

/** Which page. */
export interface PageOptions {
  /** 1 to 1000. @default {100} */
  limit?: number;
  /** The `cursor` of the page before. */
  cursor?: string;
}

/**
 * Runs of all principals. What belongs to another principal is `not_found`.
 */
export interface RunService {
  /**
   * Takes a run in. With an idempotency key, the same request of the same
   * principal within 24 hours gives the same run, another `key_reused`.
   *
   * @throws {AirlockError} `invalid_request`, `too_large`, `queue_full` or `shutting_down`.
   */
  start(
    request: RunRequest,
    principal: Principal,
    options?: StartOptions,
  ): Promise<StartedRun>;
  /**
   * Where a run stands now.
   *
   * @throws {AirlockError} `not_found`
   */
  report(id: string, principal: Principal): Promise<RunReport>;
  /** Resolves when the run is final or waits, or the signal fires, whichever is first. */
  wait(id: string, principal: Principal, signal: AbortSignal): Promise<RunReport>;
  /** Newest first. */
  list(principal: Principal, options?: PageOptions): Promise<Page<RunSummary>>;
  /** Stops it and its calls; gives the final report, also where it had ended. */
  cancel(id: string, principal: Principal): Promise<RunReport>;
  /** What happened since event `after` (0: from the start), until `end`, which is the last. */
  events(
    id: string,
    principal: Principal,
    after: number,
    signal: AbortSignal,
  ): Promise<AsyncIterable<RunEvent>>;
  /** Compact JWS, in order. */
  receipts(id: string, principal: Principal): Promise<string[]>;
}

/** Calls that wait for a person's decision. */
export interface ApprovalService {
  /** Those of the principal's runs, oldest first. */
  list(principal: Principal): Promise<Approval[]>;
  /**
   * Passes a decision on.
   *
   * @throws {AirlockError} `not_found`, or `conflict` where it was decided before.
   */
  decide(id: string, decision: ApprovalDecision, principal: Principal): Promise<Approval>;
}

/** What a person said. */
export interface ApprovalDecision {
  /** Yes or no. */
  decision: "approve" | "deny";
  /** Reaches the code where it was denied. */
  note?: string;
}
