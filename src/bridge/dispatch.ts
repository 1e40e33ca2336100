/** Answers one tool call of a guest: authorize, sign, invoke, record. @module */

import type { Tool } from "../catalog/tool.ts";
import { AirlockError, type Issue, type RunErrorCode } from "../errors/airlock_error.ts";
import type { Authorization } from "../grants/authorize.ts";
import {
  type Grant,
  type InvokeOptions,
  type InvokeTool,
  revealArguments,
  signCall,
  type SignedCall,
  type ToolArguments,
  type ToolCall,
} from "../grants/signed_call.ts";
import { hashJson } from "../hashing/hash_json.ts";
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
  /** Keeps private values from code and record. @default {nothing is private} */
  privacy?: CallPrivacy;
  /** Whether an answer says of itself that the call failed. @default {none does: failures are thrown} */
  isFailure?(answer: Json): boolean;
  /** Told of each answer of a call that was made; must not wait. @default {nobody is} */
  observe?(signed: SignedCall, answer: Json): void;
  /** Appends the receipt of a call, answered or refused. */
  record(record: CallRecord, answer: ToolAnswer["answer"]): Promise<void>;
}

/** Private values in answers become tokens; tools that are allowed them get the values back. */
export interface CallPrivacy {
  /** `sent` are the arguments as they left: values in them are private too. */
  conceal(tool: Tool, answer: Json, owner: string, sent: ToolArguments): Promise<Json>;
  /** The arguments as the tool gets them. */
  reveal(tool: Tool, args: ToolArguments, owner: string): Promise<ToolArguments>;
}

/** Bounds of one call, and how to stop it. */
export interface DispatchOptions extends InvokeOptions {
  /** UTF-8 bytes of the answer as JSON. */
  maxAnswerBytes: number;
}

/** What goes on record about a call. */
export interface CallRecord {
  /** The call, as it was asked for. */
  call: ToolCall;
  /** The call that was made; absent where none was. */
  signed?: SignedCall;
  /** The tool that was meant, where there is one. */
  tool?: Tool;
  /** How it ended. */
  outcome: CallOutcome;
  /** Hash of the value the code got, or of the code and message of the error. */
  answerHash: string;
  /** When the call was asked for, milliseconds since 1970. */
  at: number;
  /** How long it took, milliseconds. */
  ms: number;
}

/** What the guest is told, and how the call counts. */
export interface ToolAnswer {
  /** How it ended. */
  outcome: CallOutcome;
  /** The value as JSON text, or the fault. */
  answer: { json: string } | { fault: ToolFault };
}

interface Attempt extends Pick<CallRecord, "signed" | "tool" | "outcome" | "answerHash"> {
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
  const answer = fault === undefined ? { json: json ?? "null" } : { fault };
  await deps.record({ call, ...attempt, at, ms: performance.now() - startedAt }, answer);
  return { outcome: attempt.outcome, answer };
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
    return { ...attempt, ...await obtainAnswer(attempt.signed, deps, options) };
  } catch (error) {
    const isCut = options.signal.aborted && attempt.signed !== undefined;
    const fault = isCut ? cutFault(call.tool) : toFault(error, call.tool, attempt.tool);
    const { code, message } = fault;
    return {
      ...attempt,
      outcome: outcomeOf(code, attempt.signed),
      answerHash: hashJson({ code, message }),
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

/** The answer as text and as hash: while they wait for the disk and the host, the value is free. */
async function obtainAnswer(
  signed: SignedCall,
  deps: DispatchDeps,
  options: DispatchOptions,
): Promise<Pick<Attempt, "outcome" | "answerHash" | "json">> {
  const answer = await invoke(signed, deps, options);
  const json = JSON.stringify(answer);
  const bytes = utf8Length(json);
  const { maxAnswerBytes } = options;
  if (bytes > maxAnswerBytes) throw tooLarge(signed.grant.tool.name, bytes, maxAnswerBytes);
  const outcome = deps.isFailure?.(answer) === true ? "failed" : "ok";
  if (outcome === "ok") deps.observe?.(signed, answer);
  return { outcome, answerHash: hashJson(answer), json };
}

async function invoke(
  signed: SignedCall,
  deps: DispatchDeps,
  options: DispatchOptions,
): Promise<Json> {
  const { tool, principal, simulated } = signed.grant;
  if (simulated) return { simulated: true, tool: tool.name };
  const { privacy } = deps;
  if (privacy === undefined) return await deps.invoke(signed, options);
  const args = await privacy.reveal(tool, signed.args, principal.name);
  try {
    const answer = await deps.invoke(revealArguments(signed, args), options);
    return await privacy.conceal(tool, answer, principal.name, args);
  } catch (error) {
    if (!(error instanceof AirlockError)) throw error;
    // What a tool says of its failure is an answer too.
    const { code, hint, issues } = error;
    const message = `${await privacy.conceal(tool, error.message, principal.name, args)}`;
    throw new AirlockError(code, message, { hint, issues });
  }
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
