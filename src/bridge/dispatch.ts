/** Answers one tool call of a guest: authorize, sign, invoke, record. @module */

import type { Tool } from "../catalog/tool.ts";
import { AirlockError, type Issue, type RunErrorCode } from "../errors/airlock_error.ts";
import type { Authorization } from "../grants/authorize.ts";
import {
  type Grant,
  type InvokeOptions,
  type InvokeTool,
  signCall,
  type SignedCall,
  type ToolArguments,
  type ToolCall,
} from "../grants/signed_call.ts";
import { logger } from "../log/log.ts";
import type { Json } from "../protocol/json.ts";
import type { ToolFault } from "../protocol/messages.ts";
import type { CallOutcome } from "../receipts/receipt.ts";
import { utf8Length } from "../protocol/utf8_length.ts";

const log = logger("bridge");

/** What {@linkcode dispatchToolCall} needs, in the order it is used. */
export interface DispatchDeps {
  /** Finds the grant for a call, or throws `tool_denied` or `tool_unknown`. */
  authorize(call: ToolCall): Authorization;
  /** Says what is wrong with the arguments of a tool; nothing where they fit. */
  validate(tool: Tool, args: ToolArguments): Issue[];
  /** Waits for a person; resolves when approved, throws `tool_denied` when not. */
  ask(call: ToolCall, tool: Tool, reason: string): Promise<void>;
  /** Calls the tool wherever it lives. */
  invoke: InvokeTool;
  /** Appends the receipt of a call, answered or refused. */
  record(record: CallRecord): Promise<void>;
}

/** Bounds of one call, and how to stop it. */
export interface DispatchOptions extends InvokeOptions {
  /** UTF-8 bytes of the answer as JSON. */
  maxAnswerBytes: number;
}

/** What goes on record about a call. */
export interface CallRecord {
  call: ToolCall;
  /** The call that was made; absent where none was. */
  signed?: SignedCall;
  /** The tool that was meant, where there is one. */
  tool?: Tool;
  outcome: CallOutcome;
  /** The value the code got, or the code and message of the error. */
  answer: Json;
  /** When the call was asked for, milliseconds since 1970. */
  at: number;
  ms: number;
}

/** What the guest is told, and how the call counts. */
export interface ToolAnswer {
  outcome: CallOutcome;
  /** The value as JSON text, or the fault. */
  answer: { json: string } | { fault: ToolFault };
}

interface Attempt extends Pick<CallRecord, "signed" | "tool" | "outcome" | "answer"> {
  fault?: ToolFault;
  json?: string;
}

/**
 * Answers one tool call. A failed call is an answer, not an exception; only a
 * lost receipt throws, since an unrecorded answer must not reach the guest.
 *
 * @throws {Error} What `record` threw.
 */
export async function dispatchToolCall(
  call: ToolCall,
  deps: DispatchDeps,
  options: DispatchOptions,
): Promise<ToolAnswer> {
  const at = Date.now();
  const startedAt = performance.now();
  const { fault, json, ...attempt } = await attemptCall(call, deps, options);
  await deps.record({ call, ...attempt, at, ms: performance.now() - startedAt });
  return {
    outcome: attempt.outcome,
    answer: fault === undefined ? { json: json ?? "null" } : { fault },
  };
}

async function attemptCall(
  call: ToolCall,
  deps: DispatchDeps,
  options: DispatchOptions,
): Promise<Attempt> {
  const attempt: { tool?: Tool; signed?: SignedCall } = {};
  try {
    const grant = await obtainGrant(call, deps, attempt);
    attempt.signed = signCall(call, grant);
    const answer = await invoke(attempt.signed, deps, options);
    const json = JSON.stringify(answer);
    const bytes = utf8Length(json);
    if (bytes > options.maxAnswerBytes) throw tooLarge(call.tool, bytes, options.maxAnswerBytes);
    return { ...attempt, outcome: "ok", answer, json };
  } catch (error) {
    const isCut = options.signal.aborted && attempt.signed !== undefined;
    const fault = isCut ? cutFault(call.tool) : toFault(error, call.tool, attempt.tool);
    const { code, message } = fault;
    return {
      ...attempt,
      outcome: outcomeOf(code, attempt.signed),
      answer: { code, message },
      fault,
    };
  }
}

async function obtainGrant(
  call: ToolCall,
  deps: DispatchDeps,
  attempt: { tool?: Tool },
): Promise<Grant> {
  const authorization = deps.authorize(call);
  const tool = authorization.type === "ask" ? authorization.tool : authorization.grant.claims.tool;
  attempt.tool = tool;
  const issues = deps.validate(tool, call.args);
  if (issues.length > 0) throw invalidArguments(tool, issues);
  if (authorization.type === "granted") return authorization.grant;
  await deps.ask(call, tool, authorization.reason);
  return authorization.approve();
}

function invoke(signed: SignedCall, deps: DispatchDeps, options: DispatchOptions): Promise<Json> {
  if (!signed.grant.simulated) return deps.invoke(signed, options);
  return Promise.resolve({ simulated: true, tool: signed.grant.tool.name });
}

function invalidArguments(tool: Tool, issues: Issue[]): AirlockError {
  const findings = issues.slice(0, 5).map(({ path, message }) =>
    path === "" ? message : `${path}: ${message}`
  );
  const message = `Cannot call "${tool.name}": ${findings.join("; ")}`;
  return new AirlockError("invalid_arguments", message, { issues });
}

function tooLarge(tool: string, bytes: number, most: number): AirlockError {
  const message = `Cannot take the answer of "${tool}": ${bytes} bytes, at most ${most}`;
  return new AirlockError("output_limit", message);
}

/** Codes that reach guest code as they are; all else is the tool's failure. */
const guestCodes: ReadonlySet<string> = new Set<RunErrorCode>([
  "tool_failed",
  "tool_denied",
  "tool_unknown",
  "invalid_arguments",
  "outcome_unknown",
  "output_limit",
  "cancelled",
]);

function toFault(error: unknown, asked: string, tool: Tool | undefined): ToolFault {
  const name = tool?.name ?? asked;
  if (!(error instanceof AirlockError)) {
    log.error("tool call failed unexpectedly", { tool: name, error });
    return { code: "tool_failed", message: `Cannot call "${name}": internal error`, tool: name };
  }
  const code = guestCodes.has(error.code) ? error.code : "tool_failed";
  return { code, message: error.message, tool: name, hint: error.hint };
}

/** A call that was under way when the run ended: it may have been carried out. */
function cutFault(tool: string): ToolFault {
  const message = `Cannot tell what became of "${tool}": the run ended during the call`;
  return { code: "outcome_unknown", message, tool };
}

function outcomeOf(code: string, signed: SignedCall | undefined): CallOutcome {
  if (signed === undefined) return "denied";
  return code === "outcome_unknown" ? "unknown" : "failed";
}
