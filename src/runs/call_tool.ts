/** A run that is one tool call and no code: what clients that know a tool make directly. @module */

import { type DispatchDeps, dispatchToolCall, type ToolAnswer } from "../bridge/dispatch.ts";
import type { Limits } from "../config/config.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { InvokeTool, ToolArguments, ToolCall } from "../grants/signed_call.ts";
import { logger } from "../log/log.ts";
import type { Json } from "../protocol/json.ts";
import { utf8Length } from "../protocol/utf8_length.ts";
import type { Admission } from "./admission.ts";
import type { RunEnding } from "./report.ts";
import { toRunError } from "./run_error.ts";
import type { RunRecord } from "./run_record.ts";
import type { DirectReach, RunTools } from "./run_tools.ts";

const log = logger("runs");

/** A call that a client asks for. */
export interface DirectCall {
  /** In any form that names a tool. */
  tool: string;
  /** As the client sent them; their size is bounded by `argumentBytes`. */
  args: ToolArguments;
}

/** How a {@linkcode DirectCall} is made. */
export interface DirectCallOptions {
  /** Cancels it. */
  signal: AbortSignal;
  /** Makes the call, once it was granted. */
  invoke: InvokeTool;
  /** What it may reach beyond the catalog, and what came before it. */
  reach?: DirectReach;
  /** Whether an answer says of itself that the call failed. @default {none does} */
  isFailure?(answer: Json): boolean;
  /** Asks a person; throws `tool_denied` where the answer is no. @default {it waits as an approval} */
  ask?(call: ToolCall, reason: string, signal: AbortSignal): Promise<void>;
  /** Told how far the tool is. */
  onProgress?(done: number, total?: number, text?: string): void;
}

/** What a client is told. */
export interface DirectAnswer extends ToolAnswer {
  /** The run that is the record of the call. */
  run: string;
}

/** What {@linkcode callTool} needs. */
export interface CallToolDeps {
  /** Bounds how many there are at once. */
  admission: Admission;
  /** What the run may reach. */
  tools: RunTools;
  /** Those of arguments and answers hold, in UTF-8 bytes. */
  limits: Limits;
  /** Waits for a person. */
  ask(record: RunRecord, call: ToolCall, reason: string, signal: AbortSignal): Promise<void>;
}

/**
 * Makes the one call of a run. Failed calls are answers.
 *
 * @throws {AirlockError} `queue_full`; `cancelled` where it was cancelled before it began;
 * `internal` where the receipt was lost.
 */
export async function callTool(
  record: RunRecord,
  { tool, args }: DirectCall,
  { options, deps }: { options: DirectCallOptions; deps: CallToolDeps },
): Promise<ToolAnswer> {
  const { signal } = options;
  const { limits, tools } = deps;
  using _place = await deps.admission.enter(record.principal, signal);
  const bytes = utf8Length(JSON.stringify(args));
  if (bytes > limits.argumentBytes) {
    const message = `Cannot call "${tool}": ${bytes} bytes, at most ${limits.argumentBytes}`;
    throw new AirlockError("too_large", message);
  }
  const startedAt = performance.now();
  record.begins();
  record.callBegan(1, tool);
  record.usage.argumentBytes = bytes;
  const dispatch: DispatchDeps = {
    ...tools.dispatch,
    record: (made) => tools.record(made),
    isFailure: options.isFailure,
    invoke: (call, given) => options.invoke(call, { ...given, onProgress: options.onProgress }),
    ask: (call, _tool, reason) =>
      options.ask?.(call, reason, signal) ?? deps.ask(record, call, reason, signal),
  };
  let outcome: ToolAnswer["outcome"] = "unknown";
  try {
    const answer = await dispatchToolCall({ seq: 1, tool, args }, dispatch, {
      maxAnswerBytes: limits.answerBytes,
      signal,
    });
    outcome = answer.outcome;
    if ("json" in answer.answer) record.usage.answerBytes = utf8Length(answer.answer.json);
    return answer;
  } finally {
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    record.usage.wallMs = ms;
    record.callSettled(1, { tool, status: outcome, ms });
  }
}

/** How a run of one call ended. */
export async function endingOf(
  answer: Promise<ToolAnswer>,
  tool: string,
  signal: AbortSignal,
): Promise<RunEnding> {
  try {
    const { outcome, answer: given } = await answer;
    if (signal.aborted) return cancelled;
    if ("fault" in given) {
      const error = toRunError({ ...given.fault, name: "ToolError", tool }, []);
      return { status: "failed", error };
    }
    if (outcome === "ok") return { status: "succeeded" };
    const message = "The tool answered with an error";
    return { status: "failed", error: { code: "tool_failed", message, tool } };
  } catch (error) {
    if (signal.aborted) return cancelled;
    if (!(error instanceof AirlockError)) log.error("call failed unexpectedly", { tool, error });
    const message = error instanceof AirlockError ? error.message : "Cannot call: internal error";
    return { status: "failed", error: { code: "tool_failed", message, tool } };
  }
}

const cancelled: RunEnding = {
  status: "cancelled",
  error: { code: "cancelled", message: "The call was cancelled" },
};
