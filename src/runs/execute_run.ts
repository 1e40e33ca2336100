/** Carries out one run: its place, its tools, the sandbox, its report. @module */

import { type DispatchDeps, dispatchToolCall } from "../bridge/dispatch.ts";
import type { Limits } from "../config/config.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Principal } from "../grants/principal.ts";
import type { ToolArguments, ToolCall } from "../grants/signed_call.ts";
import { logger } from "../log/log.ts";
import type { Json } from "../protocol/json.ts";
import type { GuestQuery } from "../protocol/messages.ts";
import { utf8Length } from "../protocol/utf8_length.ts";
import type { SandboxAnswer } from "../sandbox/host_process.ts";
import {
  logLineBytes,
  type RunClock,
  type SandboxListener,
  type SandboxOutcome,
  type SandboxRun,
} from "../sandbox/run_in_host.ts";
import type { Place } from "./admission.ts";
import { checkedEnding, refusedEnding } from "./checked_ending.ts";
import type { RunEnding } from "./report.ts";
import { statusOf, toRunError } from "./run_error.ts";
import type { RunRecord } from "./run_record.ts";
import type { RunRequest } from "./run_service.ts";
import type { DirectReach, RunTools } from "./run_tools.ts";

const log = logger("runs");

/** What {@linkcode executeRun} needs. */
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
  /** Waits for a person; throws `tool_denied` where the answer is no. */
  ask(record: RunRecord, call: ToolCall, reason: string, signal: AbortSignal): Promise<void>;
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
}

/** How long calls that the end of a run cuts off may take to say what became of them. */
const cutCallsMs = 100;

/** Carries a run out. Never rejects: whatever goes wrong is the run's ending. */
export async function executeRun(run: AcceptedRun, deps: ExecuteRunDeps): Promise<RunEnding> {
  const { record, signal } = run;
  const takenInAt = performance.now();
  try {
    using _place = await run.place;
    record.usage.queueMs = tenths(performance.now() - takenInAt);
    record.begins();
    await deps.awaitTools?.(run.request.code, signal);
    const { principal, request } = run;
    const tools = await deps.openTools(record.id, principal, request.tools ?? ["*"]);
    return await new Execution(run, deps, tools).execute();
  } catch (error) {
    return failedEnding(error, signal);
  }
}

class Execution implements SandboxListener {
  readonly #run: AcceptedRun;
  readonly #deps: ExecuteRunDeps;
  readonly #tools: RunTools;
  /** Fires when the run is over: what is still under way upstream is cut off. */
  readonly #over = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  #startedAt = performance.now();
  #seq = 0;

  constructor(run: AcceptedRun, deps: ExecuteRunDeps, tools: RunTools) {
    [this.#run, this.#deps, this.#tools] = [run, deps, tools];
  }

  async execute(): Promise<RunEnding> {
    const { request, signal } = this.#run;
    const check = request.check === false
      ? undefined
      : await this.#tools.check?.(request.code, signal);
    if (check === undefined) return await this.#runCode();
    return refusedEnding(check) ?? checkedEnding(await this.#runCode(), check);
  }

  async #runCode(): Promise<RunEnding> {
    const { record, request, principal, limits, signal } = this.#run;
    this.#startedAt = performance.now();
    const outcome = await this.#deps.sandbox(principal.name, {
      code: request.code,
      input: request.input === undefined ? undefined : JSON.stringify(request.input),
      namespaces: this.#tools.namespaces,
      hasSql: this.#tools.hasSql,
      limits,
      signal,
    }, this);
    this.#over.abort(new AirlockError("cancelled", "The run is over"));
    await this.#cutCallsSettle();
    const { cpuMs, peakMemoryMb } = outcome;
    Object.assign(record.usage, {
      cpuMs,
      peakMemoryMb,
      wallMs: tenths(performance.now() - this.#startedAt),
    });
    return this.#ending(outcome);
  }

  begun(): void {
    const now = performance.now();
    this.#run.record.usage.startMs = tenths(now - this.#startedAt);
  }

  log({ level, text, ms }: Parameters<SandboxListener["log"]>[0]): void {
    this.#run.record.log({ level, text, ms: tenths(ms) });
  }

  progress({ done, total, text }: Parameters<SandboxListener["progress"]>[0]): void {
    this.#run.record.progress({ done, total, text });
  }

  emit(block: Json): void {
    if (!isObject(block) || typeof block.type !== "string") return;
    this.#run.record.emit({ ...block, type: block.type });
  }

  call(
    call: { tool: string; args: Json; badCall?: string },
    clock: RunClock,
  ): Promise<SandboxAnswer> {
    const answered = this.#dispatch(call, clock);
    this.#underWay.add(answered);
    answered.finally(() => this.#underWay.delete(answered));
    return answered;
  }

  async query(query: GuestQuery, args: Json): Promise<SandboxAnswer> {
    try {
      const answer = await this.#tools.query(query, args, this.#over.signal);
      const json = JSON.stringify(answer);
      if (query === "resource") this.#noteRead(utf8Length(json));
      return { type: "tool_result", json };
    } catch (error) {
      return toolError(error, `tools.${query}`);
    }
  }

  /** What was read of a resource counts as an answer does. */
  #noteRead(bytes: number): void {
    const { record, limits } = this.#run;
    record.usage.answerBytes += bytes;
    if (bytes <= limits.answerBytes) return;
    const state = `it has ${bytes} bytes, at most ${limits.answerBytes}`;
    throw new AirlockError("output_limit", `Cannot read the resource: ${state}`);
  }

  async #dispatch(
    { tool, args, badCall }: { tool: string; args: Json; badCall?: string },
    clock: RunClock,
  ): Promise<SandboxAnswer> {
    const { record, limits } = this.#run;
    const startedAt = performance.now();
    const bytes = utf8Length(JSON.stringify(args));
    // The guest keeps to the bound itself; a host that was taken over does not.
    const isTooLarge = bytes > limits.argumentBytes;
    const isWellFormed = badCall === undefined && !isTooLarge && isObject(args);
    const call: ToolCall = { seq: ++this.#seq, tool, args: isWellFormed ? args : {} };
    record.callBegan(call.seq, tool);
    if (isWellFormed) record.usage.argumentBytes += bytes;
    const reason = badCall ??
      (isTooLarge
        ? `the arguments are more than ${limits.argumentBytes} bytes`
        : "the arguments must be one object");
    const deps: DispatchDeps = {
      ...this.#tools.dispatch,
      validate: (found, given) =>
        isWellFormed
          ? this.#tools.dispatch.validate(found, given)
          : [{ path: "", message: reason }],
      ask: (asked, _tool, why) => this.#ask(asked, why, clock),
    };
    try {
      const { outcome, answer } = await dispatchToolCall(call, deps, {
        maxAnswerBytes: limits.answerBytes,
        signal: this.#over.signal,
        hold: () => {
          clock.hold();
          return () => clock.release();
        },
      });
      const ms = tenths(performance.now() - startedAt);
      record.callSettled(call.seq, { tool, status: outcome, ms });
      if ("fault" in answer) return { type: "tool_error", fault: answer.fault };
      record.usage.answerBytes += utf8Length(answer.json);
      return { type: "tool_result", json: answer.json };
    } catch (error) {
      // The receipt was lost: what the tool said must not reach the code.
      log.error("receipt lost", { runId: record.id, tool, error });
      record.callSettled(call.seq, { tool, status: "unknown", ms: performance.now() - startedAt });
      return toolError(error, tool);
    }
  }

  async #ask(call: ToolCall, reason: string, clock: RunClock): Promise<void> {
    clock.hold();
    try {
      await this.#deps.ask(this.#run.record, call, reason, this.#over.signal);
    } finally {
      clock.release();
    }
  }

  /** Waits a moment for the calls that were cut off; whichever stay silent count as unknown. */
  async #cutCallsSettle(): Promise<void> {
    if (this.#underWay.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, cutCallsMs);
    await Promise.race([Promise.all(this.#underWay), promise]);
    clearTimeout(timer);
  }

  #ending({ end, logBytes }: SandboxOutcome): RunEnding {
    const kept = this.#run.record.report.logs.reduce(
      (sum, { text }) => sum + logLineBytes(text),
      0,
    );
    const truncated = logBytes > kept ? { truncated: { logs: logBytes } } : {};
    switch (end.type) {
      case "done":
        return { status: "succeeded", result: end.result, ...truncated };
      case "failed": {
        const error = toRunError(end.fault, this.#tools.namespaces);
        return { status: "failed", error, ...truncated };
      }
      case "stopped": {
        const { code, message } = end;
        return { status: statusOf(code), error: { code, message }, ...truncated };
      }
      default:
        return end satisfies never;
    }
  }
}

/** The ending of a run whose code never began. */
function failedEnding(error: unknown, signal: AbortSignal): RunEnding {
  if (signal.aborted) {
    return {
      status: "cancelled",
      error: { code: "cancelled", message: "The run was cancelled" },
    };
  }
  log.error("run failed unexpectedly", { error });
  const message = error instanceof AirlockError
    ? error.message
    : "Cannot run the code: internal error";
  return { status: "failed", error: { code: "sandbox_crashed", message } };
}

function toolError(error: unknown, tool: string): SandboxAnswer {
  const known = error instanceof AirlockError;
  const message = known ? error.message : `Cannot call "${tool}": internal error`;
  const fault = { code: known ? error.code : "tool_failed", message, tool };
  return { type: "tool_error", fault: known ? { ...fault, hint: error.hint } : fault };
}

function isObject(value: Json): value is ToolArguments & { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
