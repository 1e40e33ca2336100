/** What a run looks like from outside: the report of `API.md` section 3. @module */

import type { RunErrorCode } from "../errors/airlock_error.ts";
import type { Json } from "../protocol/json.ts";

/** Where a run stands. The last five are final. */
export type RunStatus =
  | "queued"
  | "running"
  | "waiting"
  | "succeeded"
  | "failed"
  | "timed_out"
  | "out_of_memory"
  | "cancelled";

/** Something the checker says about the code. Lines and columns count from 1. */
export interface Diagnostic {
  line: number;
  column: number;
  message: string;
  /** The nearest right name, the declaration to use. */
  hint?: string;
}

/** Why a run did not succeed. */
export interface RunError {
  code: RunErrorCode;
  /** Name of what was thrown: `TypeError`. */
  name?: string;
  message: string;
  /** Place in the code as it was sent, from 1; absent where nobody can know it. */
  line?: number;
  column?: number;
  /** The tool whose failure this is. */
  tool?: string;
  hint?: string;
  diagnostics?: Diagnostic[];
}

/** How severe a logged line is. */
export type LogLevel = "debug" | "log" | "info" | "warn" | "error";

/** One thing the code logged. */
export interface LogItem {
  level: LogLevel;
  text: string;
  /** Milliseconds since the code began. */
  ms: number;
}

/** One tool call of the run. */
export interface CallItem {
  /** From 1, in the order the calls were made. */
  seq: number;
  tool: string;
  status: "ok" | "failed" | "denied" | "unknown" | "waiting";
  ms: number;
}

/** What was cut, with the full size in bytes. */
export interface Truncated {
  logs?: number;
}

/** What a run used. */
export interface RunUsage {
  queueMs: number;
  startMs: number;
  wallMs: number;
  cpuMs: number;
  peakMemoryMb: number;
  calls: number;
  argumentBytes: number;
  answerBytes: number;
}

/** A content block of MCP that the code emitted. */
export type ContentBlock = { type: string } & { [key: string]: Json };

/** The whole report. */
export interface RunReport {
  id: string;
  status: RunStatus;
  result?: Json;
  content?: ContentBlock[];
  error?: RunError;
  warnings?: Diagnostic[];
  logs: LogItem[];
  calls: CallItem[];
  truncated?: Truncated;
  usage: RunUsage;
  /** When it was taken in, ISO 8601. */
  createdAt: string;
}

/** A report without `logs` and `calls`: what lists show. */
export type RunSummary = Omit<RunReport, "logs" | "calls" | "content">;

/** Something that happened in a run; `id` counts from 1 within the run. */
export type RunEvent =
  & { id: number }
  & (
    | { event: "log"; data: LogItem }
    | { event: "call"; data: CallItem }
    | { event: "progress"; data: { done: number; total?: number; text?: string } }
    | { event: "approval"; data: Approval }
    | { event: "end"; data: RunReport }
  );

/** A call that waits for a person. */
export interface Approval {
  id: string;
  run: string;
  tool: string;
  arguments: Json;
  reason: string;
  at: string;
}

/** Whether nothing more will happen to a run in this state. */
export function isFinal(status: RunStatus): boolean {
  return status !== "queued" && status !== "running" && status !== "waiting";
}
