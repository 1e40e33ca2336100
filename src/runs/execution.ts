/** One go at the code of a run: its calls, its logs, its end. @module */

import { type DispatchDeps, dispatchToolCall } from "../bridge/dispatch.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { ToolArguments, ToolCall } from "../grants/signed_call.ts";
import { logger } from "../log/log.ts";
import type { Json } from "../protocol/json.ts";
import type { GuestQuery } from "../protocol/messages.ts";
import { utf8Length } from "../protocol/utf8_length.ts";
import type { SandboxAnswer } from "../sandbox/host_process.ts";
import type { RunClock, SandboxListener, SandboxOutcome } from "../sandbox/run_in_host.ts";
import { type AcceptedRun, type ExecuteRunDeps, isLeftForLater } from "./accepted_run.ts";
import { checkedEnding, refusedEnding } from "./checked_ending.ts";
import { endingOf } from "./ending_of.ts";
import { recordedDispatch } from "./recorded_dispatch.ts";
import { Recording, withTime } from "./recording.ts";
import type { RunEnding } from "./report.ts";
import type { JournalPlace, RunJournal } from "./run_journal.ts";
import type { RunTools } from "./run_tools.ts";
import { toolError, toSandboxAnswer } from "./to_sandbox_answer.ts";

const log = logger("runs");

/** How long calls that the end of a run cuts off may take to say what became of them. */
const cutCallsMs = 100;

/** What a go at a run works with. */
export interface ExecutionParts {
  /** What it is carried out with. */
  deps: Pick<ExecuteRunDeps, "ask" | "sandbox" | "journals">;
  /** What there is to call. */
  tools: RunTools;
  /** Its record, where it is durable. */
  journal?: RunJournal;
  /** The code was checked before. @default {false} */
  isChecked?: boolean;
}

/** Runs the code once. */
export class Execution implements SandboxListener {
  readonly #run: AcceptedRun;
  readonly #parts: ExecutionParts;
  readonly #tools: RunTools;
  readonly #recording: Recording | undefined;
  /** Fires when the run is over: what is still under way upstream is cut off. */
  readonly #over = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  #startedAt = performance.now();
  #seq = 0;

  /** Of a run that has its place. */
  constructor(run: AcceptedRun, parts: ExecutionParts) {
    const { journal, tools, deps } = parts;
    [this.#run, this.#parts, this.#tools] = [run, parts, tools];
    if (journal !== undefined && deps.journals !== undefined) {
      this.#recording = new Recording(journal, deps.journals);
    }
  }

  /** How it ended; `suspended` where it waits for people, and is to be run again then. */
  async execute(): Promise<RunEnding | "suspended"> {
    const { request, signal } = this.#run;
    const isChecked = this.#parts.isChecked === true || request.check === false;
    const check = isChecked ? undefined : await this.#tools.check?.(request.code, signal);
    if (check === undefined) return await this.#runCode();
    const refused = refusedEnding(check);
    if (refused !== undefined) return refused;
    const ending = await this.#runCode();
    return ending === "suspended" ? ending : checkedEnding(ending, check);
  }

  /** Resolves when a suspended run can go on, or the signal fires. */
  async resumed(signal: AbortSignal): Promise<void> {
    await this.#recording?.resumed(signal);
  }

  async #runCode(): Promise<RunEnding | "suspended"> {
    const { record, request, principal, limits, signal } = this.#run;
    const stop = this.#recording?.stop.signal;
    this.#startedAt = performance.now();
    const outcome = await this.#parts.deps.sandbox(principal.name, {
      code: request.code,
      input: request.input === undefined ? undefined : JSON.stringify(request.input),
      namespaces: this.#tools.namespaces,
      hasSql: this.#tools.hasSql,
      durable: this.#parts.journal?.start,
      limits,
      signal: stop === undefined ? signal : AbortSignal.any([signal, stop]),
    }, this);
    this.#recording?.end(this.#isFinal(outcome));
    this.#over.abort(new AirlockError("cancelled", "The run is over"));
    await this.#cutCallsSettle();
    const { cpuMs, peakMemoryMb } = outcome;
    Object.assign(record.usage, {
      cpuMs,
      peakMemoryMb,
      wallMs: tenths(performance.now() - this.#startedAt),
    });
    if (this.#recording?.isSuspended === true && !signal.aborted) return "suspended";
    return this.#diverged(outcome) ??
      endingOf(outcome, record.report.logs, this.#tools.namespaces);
  }

  /** Whether the run ends with this go; a durable one may be run again. */
  #isFinal({ end }: SandboxOutcome): boolean {
    if (this.#recording?.isSuspended === true || isLeftForLater(this.#run)) return false;
    return end.type !== "stopped" || end.code !== "sandbox_crashed";
  }

  /** The ending of code that took another way than before. */
  #diverged({ end }: SandboxOutcome): RunEnding | undefined {
    const wasCut = end.type === "stopped";
    const isWhole = wasCut || this.#parts.journal?.isWhole !== false;
    const divergence = this.#recording?.divergence;
    if (divergence === undefined && isWhole) return undefined;
    const message = divergence?.message ??
      "Cannot go on: the code ended before it came to what it did before";
    return { status: "failed", error: { code: "replay_diverged", message } };
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
    const answered = this.#recording === undefined
      ? this.#dispatch(call, clock)
      : this.#dispatchRecorded(call, clock, this.#recording);
    this.#underWay.add(answered);
    answered.finally(() => this.#underWay.delete(answered));
    return answered;
  }

  timer({ ms }: { ms: number }): Promise<number> {
    return this.#recording?.timer(ms) ?? Promise.reject(new TypeError("There is no record"));
  }

  query(query: GuestQuery, args: Json): Promise<SandboxAnswer> {
    const act = () => this.#answerQuery(query, args);
    return this.#recording?.query(query, args, act) ?? act();
  }

  async #answerQuery(query: GuestQuery, args: Json): Promise<SandboxAnswer> {
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

  /** Answers a call from the record, or makes it and puts it there. */
  async #dispatchRecorded(
    asked: AskedCall,
    clock: RunClock,
    recording: Recording,
  ): Promise<SandboxAnswer> {
    const { record } = this.#run;
    const { tool, args, badCall } = asked;
    const request = badCall === undefined ? args : { args, badCall };
    const place = recording.enter({ kind: "call", name: tool, args: request });
    if (place === undefined) return await new Promise(() => undefined);
    if (!place.isAnswered) {
      recording.begins();
      const answer = await this.#dispatch(asked, clock, { place, recording });
      recording.ends();
      return answer;
    }
    const seq = ++this.#seq;
    record.callBegan(seq, tool);
    const known = await place.recorded();
    record.callSettled(seq, { tool, status: known.outcome, ms: known.ms });
    if (known.outcome === "ok") this.#tools.noteAnswer(tool);
    return withTime(known);
  }

  async #dispatch(
    { tool, args, badCall }: AskedCall,
    clock: RunClock,
    recorded?: { place: JournalPlace; recording: Recording },
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
      ask: (asked, _tool, why) => this.#ask(asked, why, { clock, ...recorded }),
      record: (made) => this.#tools.record(made),
      ...(recorded && recordedDispatch(this.#tools, recorded)),
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
      const known = await recorded?.place.finish();
      record.callSettled(call.seq, { tool, status: outcome, ms });
      if ("json" in answer) record.usage.answerBytes += utf8Length(answer.json);
      return known === undefined ? toSandboxAnswer(answer) : withTime(known);
    } catch (error) {
      // The receipt was lost: what the tool said must not reach the code.
      log.error("receipt lost", { runId: record.id, tool, error });
      record.callSettled(call.seq, { tool, status: "unknown", ms: performance.now() - startedAt });
      return toolError(error, tool);
    }
  }

  async #ask(
    call: ToolCall,
    reason: string,
    { clock, place, recording }: {
      clock: RunClock;
      place?: JournalPlace;
      recording?: Recording;
    },
  ): Promise<void> {
    const { record } = this.#run;
    clock.hold();
    try {
      const signal = recording?.asks.signal ?? this.#over.signal;
      const asked = this.#parts.deps.ask(record, call, reason, signal, place?.id);
      await (recording?.asking(asked) ?? asked);
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
}

/** A call as it came from the guest. */
interface AskedCall {
  tool: string;
  args: Json;
  badCall?: string;
}

function isObject(value: Json): value is ToolArguments & { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
