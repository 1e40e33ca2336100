/** What the HTTP API answers, as the command line reads it. @module */

import { z } from "zod";
import type { ServerState } from "../servers/server_state.ts";
import type { Approval, CallItem, LogItem, RunReport, RunSummary } from "../runs/report.ts";
import type { Json } from "../protocol/json.ts";
import type { ToolItem } from "../search/tool_item.ts";
import type { ShownChange } from "./cli_airlock.ts";
import type { RunErrorCode } from "../errors/airlock_error.ts";

const json: z.ZodType<Json> = z.json();
const place = { line: z.number(), column: z.number() };
const diagnostic = z.object({ ...place, message: z.string(), hint: z.string().optional() });

const runErrorCode = z.enum(
  [
    "syntax_error",
    "type_error",
    "thrown",
    "timed_out",
    "out_of_memory",
    "cpu_limit",
    "cancelled",
    "tool_failed",
    "tool_denied",
    "tool_unknown",
    "invalid_arguments",
    "outcome_unknown",
    "call_limit",
    "output_limit",
    "sandbox_crashed",
    "replay_diverged",
  ] satisfies RunErrorCode[],
);

const runError = z.object({
  code: runErrorCode,
  name: z.string().optional(),
  message: z.string(),
  line: z.number().optional(),
  column: z.number().optional(),
  tool: z.string().optional(),
  hint: z.string().optional(),
  diagnostics: z.array(diagnostic).optional(),
});

const summaryFields = {
  id: z.string(),
  status: z.enum(
    [
      "queued",
      "running",
      "waiting",
      "succeeded",
      "failed",
      "timed_out",
      "out_of_memory",
      "cancelled",
    ] satisfies RunReport["status"][],
  ),
  result: json.optional(),
  error: runError.optional(),
  warnings: z.array(diagnostic).optional(),
  truncated: z.object({ logs: z.number().optional() }).optional(),
  usage: z.object({
    queueMs: z.number(),
    startMs: z.number(),
    wallMs: z.number(),
    cpuMs: z.number(),
    peakMemoryMb: z.number(),
    calls: z.number(),
    argumentBytes: z.number(),
    answerBytes: z.number(),
  }),
  createdAt: z.string(),
};

/** `log` of a report, data of the event `log`. */
export const logItem: z.ZodType<LogItem> = z.object({
  level: z.enum(["debug", "log", "info", "warn", "error"]),
  text: z.string(),
  ms: z.number(),
});

/** An item of `calls`, data of the event `call`. */
export const callItem: z.ZodType<CallItem> = z.object({
  seq: z.number(),
  tool: z.string(),
  status: z.enum(["ok", "failed", "denied", "unknown", "waiting"]),
  ms: z.number(),
});

/** A whole report. */
export const runReport: z.ZodType<RunReport> = z.object({
  ...summaryFields,
  content: z.array(z.intersection(z.object({ type: z.string() }), z.record(z.string(), json)))
    .optional(),
  logs: z.array(logItem),
  calls: z.array(callItem),
});

/** Data of the event `progress`. */
export const progressItem: z.ZodType<{ done: number; total?: number; text?: string }> = z.object({
  done: z.number(),
  total: z.number().optional(),
  text: z.string().optional(),
});

/** A call that waits for a person. */
export const approval: z.ZodType<Approval> = z.object({
  id: z.string(),
  run: z.string(),
  tool: z.string(),
  arguments: json,
  reason: z.string(),
  at: z.string(),
});

/** A page of runs. */
export const runPage: z.ZodType<{ items: RunSummary[]; cursor?: string }> = z.object({
  items: z.array(z.object(summaryFields)),
  cursor: z.string().optional(),
});

/** `GET /v1/approvals`. */
export const approvalPage: z.ZodType<{ items: Approval[] }> = z.object({
  items: z.array(approval),
});

/** `GET /v1/runs/:id/receipts`. */
export const receiptPage: z.ZodType<{ items: string[] }> = z.object({ items: z.array(z.string()) });

/** `GET /.well-known/jwks.json`. */
export const jwks: z.ZodType<{ keys: unknown[] }> = z.object({ keys: z.array(z.unknown()) });

const jsonSchema = z.union([z.boolean(), z.record(z.string(), z.unknown())]);

const toolItem: z.ZodType<ToolItem> = z.object({
  name: z.string(),
  server: z.string(),
  tool: z.string(),
  title: z.string().optional(),
  summary: z.string(),
  signature: z.string().optional(),
  declaration: z.string().optional(),
  inputSchema: jsonSchema.optional(),
  outputSchema: jsonSchema.optional(),
  observed: z.boolean().optional(),
  blocked: z.string().optional(),
});

/** `GET /v1/tools/:name`, as far as it is used. */
export const changedTool: z.ZodType<{ pendingChange?: ShownChange }> = z.object({
  pendingChange: z.object({ hash: z.string(), diff: z.string() }).optional(),
});

/** `GET /v1/tools`. */
export const toolPage: z.ZodType<{ items: ToolItem[]; cursor?: string }> = z.object({
  items: z.array(toolItem),
  cursor: z.string().optional(),
});

const serverState: z.ZodType<ServerState> = z.object({
  name: z.string(),
  state: z.enum(["ready", "connecting", "needs_auth", "failed"]),
  reason: z.string().optional(),
  transport: z.enum(["stdio", "http", "sse", "openapi"]),
  era: z.string().optional(),
  tools: z.number(),
  quarantined: z.array(z.object({ tool: z.string(), reason: z.string() })),
  changes: z.array(z.object({
    at: z.string(),
    kind: z.enum(["added", "changed", "removed", "renamed", "accepted"]),
    tool: z.string(),
    to: z.string().optional(),
  })).optional(),
});

/** `POST /v1/servers/:name/auth`. */
export const loginPage: z.ZodType<{ url: string }> = z.object({ url: z.string().max(16_384) });

/** `GET /v1/servers`. */
export const serverPage: z.ZodType<{ items: ServerState[] }> = z.object({
  items: z.array(serverState),
});
