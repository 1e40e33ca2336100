/** What the routes answer, as schemas for `/openapi.json`; each is held to its type. @module */

import { z } from "zod";
import type { ToolChange } from "../catalog/pin_record.ts";
import type { PendingChange } from "../catalog/pins.ts";
import type { JsonSchema, QuarantinedTool, ToolAnnotations } from "../catalog/tool.ts";
import type { PolicyRule } from "../config/config.ts";
import type { Issue, RunErrorCode } from "../errors/airlock_error.ts";
import type { ServerState } from "../servers/server_state.ts";
import type { Json } from "../protocol/json.ts";
import type {
  Approval,
  CallItem,
  ContentBlock,
  Diagnostic,
  LogItem,
  RunError,
  RunReport,
  RunSummary,
  RunUsage,
} from "../runs/report.ts";
import type { ToolItem } from "../search/tool_item.ts";
import type { Readiness } from "./http_deps.ts";
import { statusOf } from "./problem.ts";
import type { Problem, ProblemCode } from "./problem.ts";

const json = z.custom<Json>();
const count = z.number().nonnegative();

const runErrorCodes = {
  syntax_error: "syntax_error",
  type_error: "type_error",
  thrown: "thrown",
  timed_out: "timed_out",
  out_of_memory: "out_of_memory",
  cpu_limit: "cpu_limit",
  cancelled: "cancelled",
  tool_failed: "tool_failed",
  tool_denied: "tool_denied",
  tool_unknown: "tool_unknown",
  invalid_arguments: "invalid_arguments",
  outcome_unknown: "outcome_unknown",
  call_limit: "call_limit",
  output_limit: "output_limit",
  sandbox_crashed: "sandbox_crashed",
  replay_diverged: "replay_diverged",
} satisfies { [C in RunErrorCode]: C };

const diagnostic = z.object({
  line: count,
  column: count,
  message: z.string(),
  hint: z.string().optional(),
}) satisfies z.ZodType<Diagnostic>;

const runError = z.object({
  code: z.enum(runErrorCodes),
  name: z.string().optional(),
  message: z.string(),
  line: count.optional(),
  column: count.optional(),
  tool: z.string().optional(),
  hint: z.string().optional(),
  diagnostics: z.array(diagnostic).optional(),
}) satisfies z.ZodType<RunError>;

const usage = z.object({
  queueMs: count,
  startMs: count,
  wallMs: count,
  cpuMs: count,
  peakMemoryMb: count,
  calls: count,
  argumentBytes: count,
  answerBytes: count,
}) satisfies z.ZodType<RunUsage>;

const logItem = z.object({
  level: z.enum(["debug", "log", "info", "warn", "error"]),
  text: z.string(),
  ms: count,
}) satisfies z.ZodType<LogItem>;

const callItem = z.object({
  seq: count,
  tool: z.string(),
  status: z.enum(["ok", "failed", "denied", "unknown", "waiting"]),
  ms: count,
}) satisfies z.ZodType<CallItem>;

const runSummary = z.object({
  id: z.string(),
  status: z.enum([
    "queued",
    "running",
    "waiting",
    "succeeded",
    "failed",
    "timed_out",
    "out_of_memory",
    "cancelled",
  ]),
  result: json.optional(),
  error: runError.optional(),
  warnings: z.array(diagnostic).optional(),
  truncated: z.object({ logs: count.optional() }).optional(),
  usage,
  createdAt: z.iso.datetime(),
}) satisfies z.ZodType<RunSummary>;

const contentBlock = z.custom<ContentBlock>().describe("A content block of MCP");

const runReport = runSummary.extend({
  content: z.array(contentBlock).optional(),
  logs: z.array(logItem),
  calls: z.array(callItem),
}) satisfies z.ZodType<RunReport>;

const jsonSchema = z.custom<JsonSchema>().describe("A JSON Schema");

const toolItem = z.object({
  name: z.string().describe("What code calls"),
  server: z.string(),
  tool: z.string().describe("What the server calls it"),
  title: z.string().optional(),
  summary: z.string(),
  signature: z.string().optional(),
  declaration: z.string().optional(),
  inputSchema: jsonSchema.optional(),
  outputSchema: jsonSchema.optional(),
  observed: z.boolean().optional().describe("The return type was learned from answers"),
  blocked: z.string().optional().describe("Why it cannot be called for now"),
}) satisfies z.ZodType<ToolItem>;

const listedTool = z.object({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: jsonSchema,
  outputSchema: jsonSchema.optional(),
  annotations: z.custom<ToolAnnotations>().optional(),
}) satisfies z.ZodType<PendingChange["after"]>;

const pendingChange = z.object({
  hash: z.string().describe("Accepts the change"),
  diff: z.string(),
  before: listedTool.optional(),
  after: listedTool,
}) satisfies z.ZodType<PendingChange>;

const toolChange = z.object({
  at: z.iso.datetime(),
  kind: z.enum(["added", "changed", "removed", "renamed", "accepted"]),
  tool: z.string(),
  to: z.string().optional(),
}) satisfies z.ZodType<ToolChange>;

const policyRule = z.object({
  tool: z.string(),
  effect: z.enum(["allow", "deny", "ask", "simulate"]),
  when: z.string().optional(),
  from: z.string().optional(),
}) satisfies z.ZodType<PolicyRule>;

const quarantinedTool = z.object({
  tool: z.string(),
  reason: z.string(),
}) satisfies z.ZodType<QuarantinedTool>;

const serverState = z.object({
  name: z.string(),
  state: z.enum(["ready", "connecting", "needs_auth", "failed"]),
  reason: z.string().optional(),
  transport: z.enum(["stdio", "http", "sse", "openapi"]),
  era: z.string().optional(),
  tools: count,
  quarantined: z.array(quarantinedTool),
  changes: z.array(toolChange).optional(),
}) satisfies z.ZodType<ServerState>;

const approval = z.object({
  id: z.string(),
  run: z.string(),
  tool: z.string(),
  arguments: json,
  reason: z.string(),
  at: z.iso.datetime(),
}) satisfies z.ZodType<Approval>;

const issue = z.object({ path: z.string(), message: z.string() }) satisfies z.ZodType<Issue>;

const problemCode = z.custom<ProblemCode>().meta({ type: "string", enum: Object.keys(statusOf) });

const problem = z.object({
  type: z.literal("about:blank"),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: problemCode,
  errors: z.array(issue).optional(),
  hint: z.string().optional(),
}) satisfies z.ZodType<Problem>;

const readiness = z.object({
  status: z.enum(["ready", "not_ready"]),
  reason: z.string().optional(),
  isolation: z.record(z.string(), json),
}) satisfies z.ZodType<Omit<Readiness, "ready">>;

/** The schemas of all answers, by the names they have in `/openapi.json`. */
export const answerSchemas = {
  Approval: approval,
  Health: z.object({ status: z.literal("ok") }),
  JwkSet: z.object({ keys: z.array(json) }),
  LoginPage: z.object({ url: z.string() }),
  Problem: problem,
  Readiness: readiness,
  Receipts: z.object({ items: z.array(z.string()).describe("Compact JWS, in order") }),
  RunReport: runReport,
  RunSummary: runSummary,
  ServerState: serverState,
  Tool: toolItem.extend({
    hash: z.string().describe("Of the tool as it is trusted"),
    policy: z.array(policyRule),
    pendingChange: pendingChange.optional(),
  }),
  ToolItem: toolItem,
} satisfies Record<string, z.ZodType>;

/** Names of {@linkcode answerSchemas}. */
export type AnswerName = keyof typeof answerSchemas;
