/** One run in one host: its messages, its bounds, its one end. @module */

import type { Limits } from "../config/config.ts";
import type { RunErrorCode } from "../errors/airlock_error.ts";
import type { Json } from "../protocol/json.ts";
import type { DurableStart, GuestFault, GuestQuery } from "../protocol/messages.ts";
import type { HostMessage, Namespace } from "../protocol/messages.ts";
import { utf8Length } from "../protocol/utf8_length.ts";
import { Deadline } from "./deadline.ts";
import type { Host, HostExit, SandboxAnswer } from "./host_process.ts";
import { stopMessages } from "./stop_messages.ts";
import type { Watchdog } from "./watchdog.ts";

/** What is to be run. */
export interface SandboxRun {
  /** TypeScript, as it was sent. */
  code: string;
  /** JSON text; absent for `undefined`. */
  input?: string;
  /** The servers by the names that code uses. */
  namespaces: Namespace[];
  /** Whether code has `sql()`. @default {false} */
  hasSql?: boolean;
  /** Where time and chance come from. @default {from the machine} */
  durable?: DurableStart;
  /** Its bounds. */
  limits: Limits;
  /** Fires when the run is to be stopped from outside. */
  signal: AbortSignal;
}

/** Who takes what the code says. */
export interface SandboxListener {
  /** The code is read and goes into the guest. */
  begun(): void;
  /** It logged a line. */
  log(item: { level: "debug" | "log" | "info" | "warn" | "error"; text: string; ms: number }): void;
  /** It says how far it is. */
  progress(item: { done: number; total?: number; text?: string }): void;
  /** It hands a content block to the caller. */
  emit(block: Json): void;
  /** Answers a call; `badCall` where its arguments could not be sent. Never rejects. */
  call(
    call: { tool: string; args: Json; badCall?: string },
    clock: RunClock,
  ): Promise<SandboxAnswer>;
  /** Answers a question about tools. Never rejects. */
  query(query: GuestQuery, args: Json): Promise<SandboxAnswer>;
  /** Resolves with the recorded time when a timer of a durable run is due. Never rejects. */
  timer(timer: { ms: number }): Promise<number>;
}

/** The run's deadline, which stands still while a person is asked. */
export interface RunClock {
  /** Stops it; each hold needs its own release. */
  hold(): void;
  /** Lets it run on. */
  release(): void;
}

/** What a logged line counts against `logBytes`: an empty one too, or there would be no end to them. */
export function logLineBytes(text: string): number {
  return Math.max(1, utf8Length(text));
}

/** How a run ended, and what it used. */
export interface SandboxOutcome {
  /** Its one end. */
  end:
    | { type: "done"; result?: Json }
    | { type: "failed"; fault: GuestFault }
    | { type: "stopped"; code: RunErrorCode; message: string };
  /** UTF-8 bytes that were logged, kept or not. */
  logBytes: number;
  /** CPU time of the host, milliseconds. */
  cpuMs: number;
  /** Most resident memory that was seen, MiB. */
  peakMemoryMb: number;
  /** The host may be used again; it says `idle` when it can. */
  isClean: boolean;
}

/** Blocks a guest emits at the most; it keeps to that itself. */
const maxBlocks = 1_000;
/** Questions about tools that a guest asks at the most; it keeps to that itself. */
const maxQueries = 1_000;
/** Timers of a durable run at the most; each is a row in its record. */
const maxTimers = 10_000;
/** Progress messages at the most: some at once, and for each millisecond of the run. */
const progressBurst = 1_000;
const progressPerMs = 0.2;

/** What {@linkcode runInHost} needs beside the run. */
export interface RunInHostDeps {
  /** Looks at CPU time and memory. */
  watchdog: Watchdog;
  /** How long the run waited for its host, milliseconds. @default {0} */
  waitedMs?: number;
  /**
   * Told of the end before any later message of the host is read. The host is
   * killed by then, unless the end was clean.
   */
  onEnd(outcome: SandboxOutcome): void;
}

/** Runs code in a host that is idle. */
export function runInHost(
  host: Host,
  run: SandboxRun,
  listener: SandboxListener,
  deps: RunInHostDeps,
): void {
  new HostRun(host, run, listener, deps).begin();
}

class HostRun {
  readonly #host: Host;
  readonly #run: SandboxRun;
  readonly #listener: SandboxListener;
  readonly #deadline: Deadline;
  readonly #watch: ReturnType<Watchdog["watch"]>;
  readonly #onEnd: (outcome: SandboxOutcome) => void;
  #isOver = false;
  #isPrepared = false;
  #logBytes = 0;
  #calls = 0;
  #inFlight = 0;
  #queries = 0;
  #timers = 0;
  #progress = 0;
  #blocks = 0;
  #blockBytes = 0;

  constructor(host: Host, run: SandboxRun, listener: SandboxListener, deps: RunInHostDeps) {
    [this.#host, this.#run, this.#listener] = [host, run, listener];
    this.#onEnd = deps.onEnd;
    this.#deadline = new Deadline(timeLeft(run, deps.waitedMs), () => this.#stop("timed_out"));
    this.#watch = deps.watchdog.watch(host.pid, run.limits, (code) => this.#stop(code));
  }

  begin(): void {
    const { code, input, namespaces, hasSql, durable, limits, signal } = this.#run;
    this.#host.listener = {
      message: (message) => this.#receive(message),
      exited: (exit) => this.#died(exit),
    };
    signal.addEventListener("abort", this.#onAbort);
    if (signal.aborted) return this.#stop("cancelled");
    const { calls, callsInFlight, argumentBytes, logBytes, resultBytes } = limits;
    const guestLimits = { calls, callsInFlight, argumentBytes, logBytes, resultBytes };
    const sql = hasSql === true ? true : undefined;
    this.#host.run({ code, input, namespaces, sql, durable, limits: guestLimits });
  }

  readonly #onAbort = () => this.#stop("cancelled");

  #receive(message: HostMessage): void {
    if (this.#isOver) return;
    switch (message.type) {
      case "prepared":
        if (this.#isPrepared) return this.#breach();
        this.#isPrepared = true;
        return this.#listener.begun();
      case "closed":
      case "idle":
        return this.#breach();
      case "log":
        this.#logBytes += logLineBytes(message.text);
        if (this.#logBytes > this.#run.limits.logBytes) return this.#breach();
        return this.#listener.log(message);
      case "progress":
        if (++this.#progress > this.#maxProgress()) return this.#breach();
        return this.#listener.progress(message);
      case "emit":
        return this.#emit(message.block);
      case "tool_call":
        return this.#call(message.callId, { tool: message.tool, args: message.args });
      case "bad_call":
        return this.#call(message.callId, {
          tool: message.tool,
          args: {},
          badCall: message.reason,
        });
      case "query":
        if (++this.#queries > maxQueries) return this.#breach();
        return this.#answer(message.callId, this.#listener.query(message.query, message.args));
      case "timer":
        return this.#timer(message);
      case "done":
        if (this.#isTooLarge(message.result)) return this.#refuseResult();
        return this.#finish({ type: "done", result: message.result }, message.logBytes);
      case "failed":
        return this.#finish({ type: "failed", fault: message.fault }, message.logBytes);
      default:
        return message satisfies never;
    }
  }

  #maxProgress(): number {
    return progressBurst + progressPerMs * this.#run.limits.timeoutMs;
  }

  #emit(block: Json): void {
    this.#blockBytes += utf8Length(JSON.stringify(block));
    const isOver = ++this.#blocks > maxBlocks || this.#blockBytes > this.#run.limits.resultBytes;
    return isOver ? this.#breach() : this.#listener.emit(block);
  }

  #call(callId: number, call: { tool: string; args: Json; badCall?: string }): void {
    // The guest keeps to both bounds itself: one that does not is not the guest we made.
    if (++this.#calls > this.#run.limits.calls) return this.#breach();
    this.#answer(callId, this.#listener.call(call, this.#deadline));
  }

  /** Only the guest of a durable run has the server keep its clock. */
  #timer({ timer, ms }: { timer: number; ms: number }): void {
    if (this.#run.durable === undefined || ++this.#timers > maxTimers) return this.#breach();
    this.#listener.timer({ ms }).then((at) => {
      if (!this.#isOver) this.#host.fire(timer, at);
    });
  }

  #answer(callId: number, answered: Promise<SandboxAnswer>): void {
    if (++this.#inFlight > this.#run.limits.callsInFlight) return this.#breach();
    answered.then((answer) => {
      this.#inFlight--;
      if (!this.#isOver) this.#host.answer(callId, answer);
    });
  }

  #isTooLarge(result: Json | undefined): boolean {
    if (result === undefined) return false;
    return utf8Length(JSON.stringify(result)) > this.#run.limits.resultBytes;
  }

  /** The guest measures its result itself: a host that sends a larger one is not ours. */
  #refuseResult(): void {
    const message = `Cannot return the result: more than ${this.#run.limits.resultBytes} bytes`;
    const fault: GuestFault = { code: "output_limit", name: "RangeError", message };
    this.#end({ type: "failed", fault }, this.#logBytes, false);
  }

  #finish(end: SandboxOutcome["end"], logBytes: number): void {
    this.#end(end, Math.max(logBytes, this.#logBytes), true);
  }

  #stop(code: keyof typeof stopMessages): void {
    const { limits } = this.#run;
    this.#end(
      { type: "stopped", code, message: stopMessages[code](limits) },
      this.#logBytes,
      false,
    );
  }

  #breach(): void {
    const message = "The sandbox broke its protocol and was ended";
    this.#end({ type: "stopped", code: "sandbox_crashed", message }, this.#logBytes, false);
  }

  #died({ isOutOfMemory, brokeProtocol }: HostExit): void {
    if (this.#isOver) return;
    if (isOutOfMemory) return this.#stop("out_of_memory");
    if (brokeProtocol) return this.#breach();
    const end: SandboxOutcome["end"] = this.#isPrepared
      ? { type: "stopped", code: "sandbox_crashed", message: "The sandbox ended without an answer" }
      : { type: "failed", fault: unreadable };
    this.#end(end, this.#logBytes, false);
  }

  #end(end: SandboxOutcome["end"], logBytes: number, isClean: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const usage = this.#watch.usage();
    this.#deadline[Symbol.dispose]();
    this.#watch[Symbol.dispose]();
    this.#run.signal.removeEventListener("abort", this.#onAbort);
    if (!isClean) this.#host.kill();
    this.#onEnd({ end, logBytes, ...usage, isClean });
  }
}

/**
 * What is left of the run's time when its host is ready: who waits for the end
 * waits for the host too. The code has at least half of the time for itself.
 */
function timeLeft({ limits: { timeoutMs } }: SandboxRun, waitedMs = 0): number {
  return Math.max(timeoutMs - waitedMs, timeoutMs / 2);
}

/** A host that dies while it reads the code dies of the code. */
const unreadable: GuestFault = {
  code: "syntax_error",
  name: "SyntaxError",
  message: "Cannot read the code: it is nested too deep",
};
