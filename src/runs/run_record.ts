/** One run while it lives in memory: its report as it grows, and who listens to it. @module */

import type { Json } from "../protocol/json.ts";
import type { Approval, CallItem, LogItem, RunEvent, RunReport, RunStatus } from "./report.ts";
import { isFinal } from "./report.ts";

/** A {@linkcode RunEvent} before it has its number. */
export type NewRunEvent = RunEvent extends infer E ? E extends RunEvent ? Omit<E, "id"> : never
  : never;

/** Of all progress that was reported, so much is replayed to a late listener. */
const maxReplayedProgress = 100;

/** Grows one report, event by event, and tells its listeners. */
export class RunRecord {
  /** Id of the run. */
  readonly id: string;
  /** Whose run it is. */
  readonly principal: string;
  readonly #report: RunReport;
  /** What is replayed, each in order: all that happened but progress, and the last of that. */
  readonly #events: RunEvent[] = [];
  readonly #progress: RunEvent[] = [];
  readonly #listeners = new Set<() => void>();
  #lastEventId = 0;
  /** Approvals that wait. */
  readonly #waiting = new Set<symbol>();
  /** What was told before the code was run again, and is not told twice. */
  #told = { logs: 0, progress: 0, calls: new Set<number>(), approvals: new Set<string>() };
  #logs = 0;
  #progressed = 0;

  /** A run that was just taken in. */
  constructor(id: string, principal: string, now: number) {
    this.id = id;
    this.principal = principal;
    this.#report = {
      id,
      status: "queued",
      logs: [],
      calls: [],
      usage: {
        queueMs: 0,
        startMs: 0,
        wallMs: 0,
        cpuMs: 0,
        peakMemoryMb: 0,
        calls: 0,
        argumentBytes: 0,
        answerBytes: 0,
      },
      createdAt: new Date(now).toISOString(),
    };
  }

  /** A copy of the report as it stands. */
  get report(): RunReport {
    const { logs, calls, usage, ...rest } = this.#report;
    return {
      ...rest,
      logs: [...logs],
      calls: calls.map((call) => ({ ...call })),
      usage: { ...usage },
    };
  }

  /** Where it stands. */
  get status(): RunStatus {
    return this.#report.status;
  }

  /** Counters, to be added to. */
  get usage(): RunReport["usage"] {
    return this.#report.usage;
  }

  /** It has its place, and begins. */
  begins(): void {
    this.#report.status = "running";
    this.#tell();
  }

  /** Keeps a line of log. */
  log(item: LogItem): void {
    this.#report.logs.push(item);
    if (++this.#logs > this.#told.logs) this.#add({ event: "log", data: item });
  }

  /** Keeps a block that the code emitted. */
  emit(block: { type: string } & Record<string, Json>): void {
    (this.#report.content ??= []).push(block);
  }

  /** Passes on how far the code says it is. */
  progress(data: { done: number; total?: number; text?: string }): void {
    if (++this.#progressed <= this.#told.progress) return;
    if (this.#progress.length >= maxReplayedProgress) this.#progress.shift();
    this.#add({ event: "progress", data }, this.#progress);
  }

  /** A call began; it shows as `waiting` until it is settled. */
  callBegan(seq: number, tool: string): void {
    this.#report.calls.push({ seq, tool, status: "waiting", ms: 0 });
    this.#report.usage.calls++;
  }

  /** A call has its answer. */
  callSettled(seq: number, outcome: Pick<CallItem, "tool" | "status" | "ms">): void {
    const item = this.#report.calls.at(seq - 1);
    if (item?.seq !== seq) return;
    Object.assign(item, outcome);
    if (this.#told.calls.has(seq)) return;
    this.#told.calls.add(seq);
    this.#add({ event: "call", data: { ...item } });
  }

  /** A call waits for a person, and the run with it; gives what ends that. */
  waits(data: Approval): () => void {
    const wait = Symbol();
    this.#waiting.add(wait);
    this.#report.status = "waiting";
    if (this.#told.approvals.has(data.id)) this.#tell();
    else this.#add({ event: "approval", data });
    this.#told.approvals.add(data.id);
    return () => {
      // The run goes on once nothing waits any more.
      if (!this.#waiting.delete(wait) || this.#waiting.size > 0 || isFinal(this.status)) return;
      this.#report.status = "running";
      this.#tell();
    };
  }

  /** The code is run again from its start: what it says anew is said in the place of the old. */
  rewind(): void {
    const { usage } = this.#report;
    this.#told.logs = Math.max(this.#told.logs, this.#logs);
    this.#told.progress = Math.max(this.#told.progress, this.#progressed);
    [this.#logs, this.#progressed] = [0, 0];
    this.#waiting.clear();
    Object.assign(this.#report, { logs: [], calls: [], content: undefined, status: "running" });
    Object.assign(usage, { calls: 0, argumentBytes: 0, answerBytes: 0 });
    this.#tell();
  }

  /** Ends the run. */
  end(outcome: Pick<RunReport, "status" | "result" | "error" | "warnings" | "truncated">): void {
    Object.assign(this.#report, outcome);
    this.#add({ event: "end", data: this.report });
  }

  /** Resolves once the run is final or waits for a person, or the signal fires. */
  async settled(signal?: AbortSignal): Promise<RunReport> {
    while (!isFinal(this.status) && this.status !== "waiting" && !signal?.aborted) {
      await this.#change(signal);
    }
    return this.report;
  }

  /** What happened after event `after`, until the end, or the signal fires. */
  async *events(after: number, signal: AbortSignal): AsyncGenerator<RunEvent> {
    let seen = after;
    while (!signal.aborted) {
      const next = this.#firstAfter(seen);
      if (next !== undefined) {
        seen = next.id;
        yield next;
      } else if (isFinal(this.status)) return;
      else await this.#change(signal);
    }
  }

  #firstAfter(id: number): RunEvent | undefined {
    const event = firstAfter(this.#events, id);
    const progress = firstAfter(this.#progress, id);
    if (event === undefined || progress === undefined) return event ?? progress;
    return event.id < progress.id ? event : progress;
  }

  #add(event: NewRunEvent, events: RunEvent[] = this.#events): void {
    events.push({ ...event, id: ++this.#lastEventId });
    this.#tell();
  }

  #tell(): void {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    listeners.forEach((listener) => listener());
  }

  #change(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#listeners.delete(done);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      this.#listeners.add(done);
      signal?.addEventListener("abort", done);
    });
  }
}

/** The first of some events in order that comes after one; found by halves, as there are many. */
function firstAfter(events: readonly RunEvent[], id: number): RunEvent | undefined {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle].id > id) high = middle;
    else low = middle + 1;
  }
  return events.at(low);
}
