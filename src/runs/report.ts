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
  /** From 1, in the code as it was sent. */
  line: number;
  /** From 1. */
  column: number;
  /** What is wrong, in a sentence. */
  message: string;
  /** The nearest right name, the declaration to use. */
  hint?: string;
}

/** Why a run did not succeed. */
export interface RunError {
  /** The code to switch on. */
  code: RunErrorCode;
  /** Name of what was thrown: `TypeError`. */
  name?: string;
  /** What went wrong, in a sentence. */
  message: string;
  /** Place in the code as it was sent, from 1; absent where nobody can know it. */
  line?: number;
  /** From 1. */
  column?: number;
  /** The tool whose failure this is. */
  tool?: string;
  /** What could be done instead. */
  hint?: string;
  /** All that the checker found, where it refused the code. */
  diagnostics?: Diagnostic[];
}

/** How severe a logged line is. */
export type LogLevel = "debug" | "log" | "info" | "warn" | "error";

/** One thing the code logged. */
export interface LogItem {
  /** Which method of `console` it was. */
  level: LogLevel;
  /** What was logged, as a person would read it. */
  text: string;
  /** Milliseconds since the code began. */
  ms: number;
}

/** One tool call of the run. */
export interface CallItem {
  /** From 1, in the order the calls were made. */
  seq: number;
  /** The name that was called. */
  tool: string;
  /** How it ended; `waiting` while it is under way, `unknown` where nobody can tell. */
  status: "ok" | "failed" | "denied" | "unknown" | "waiting";
  /** How long it took, milliseconds. */
  ms: number;
}

/** What was cut, with the full size in bytes. */
export interface Truncated {
  /** UTF-8 bytes of all that was logged. */
  logs?: number;
}

/** What a run used. */
export interface RunUsage {
  /** Waiting for a place, milliseconds. */
  queueMs: number;
  /** From the place to the first line of code, milliseconds. */
  startMs: number;
  /** From the place to the end, milliseconds. */
  wallMs: number;
  /** CPU time of the host, milliseconds, in steps of the system's clock. */
  cpuMs: number;
  /** Most resident memory of the host that was seen, MiB. */
  peakMemoryMb: number;
  /** Tool calls. */
  calls: number;
  /** UTF-8 bytes of all arguments as JSON. */
  argumentBytes: number;
  /** UTF-8 bytes of all answers as JSON. */
  answerBytes: number;
}

/** A content block of MCP that the code emitted. */
export type ContentBlock = { type: string } & { [key: string]: Json };

/** The whole report. */
export interface RunReport {
  /** `run_` and more. */
  id: string;
  /** Where it stands. */
  status: RunStatus;
  /** What the code returned; absent where it returned nothing. */
  result?: Json;
  /** What it emitted. */
  content?: ContentBlock[];
  /** Why it did not succeed. */
  error?: RunError;
  /** What the checker found and let pass. */
  warnings?: Diagnostic[];
  /** What it logged, in order. */
  logs: LogItem[];
  /** Its tool calls, in order. */
  calls: CallItem[];
  /** What was cut; absent where nothing was. */
  truncated?: Truncated;
  /** What it used. */
  usage: RunUsage;
  /** When it was taken in, ISO 8601. */
  createdAt: string;
}

/** How a run ended: the part of the report that is only then known. */
export type RunEnding = Pick<RunReport, "status" | "result" | "error" | "warnings" | "truncated">;

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
  /** `apr_` and more. */
  id: string;
  /** The run that waits. */
  run: string;
  /** The tool that is to be called. */
  tool: string;
  /** With which arguments. */
  arguments: Json;
  /** Why a person is asked. */
  reason: string;
  /** Since when, ISO 8601. */
  at: string;
}

/** Whether nothing more will happen to a run in this state. */
export function isFinal(status: RunStatus): boolean {
  return status !== "queued" && status !== "running" && status !== "waiting";
}
