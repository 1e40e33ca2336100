/** All runs: takes them in, keeps them, stops them. @module */

import type { Limits } from "../config/config.ts";
import { parseLimits } from "../config/parse_limits.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Principal } from "../grants/principal.ts";
import { logger } from "../log/log.ts";
import { utf8Length } from "../protocol/utf8_length.ts";
import type { Admission } from "./admission.ts";
import { callTool, endingOf } from "./call_tool.ts";
import type { DirectAnswer, DirectCall, DirectCallOptions } from "./call_tool.ts";
import { executeRun, type ExecuteRunDeps } from "./execute_run.ts";
import { begunBefore, keyedRequest } from "./keyed_request.ts";
import {
  isFinal,
  type RunEnding,
  type RunEvent,
  type RunReport,
  type RunSummary,
} from "./report.ts";
import { replayEvents } from "./replay_events.ts";
import { newRunId } from "./run_id.ts";
import { RunRecord } from "./run_record.ts";
import type { Page, PageOptions, RunRequest, RunService, StartedRun } from "./run_service.ts";
import {
  type KeyedRequest,
  type RememberedRequest,
  type RunStore,
  toSummary,
} from "./run_store.ts";

const log = logger("runs");

/** What {@linkcode Runs} needs. */
export interface RunsDeps extends ExecuteRunDeps {
  /** Keeps reports. */
  store: RunStore;
  /** Hands out places. */
  admission: Admission;
  /** Bounds calls without code, as `admission` bounds runs. */
  calls: Admission;
  /** Configured bounds: default and maximum of each run. */
  limits: Limits;
  /** The receipts of a run, in order. */
  receipts(principal: string, run: string): Promise<string[]>;
}

interface LiveRun {
  record: RunRecord;
  stop: AbortController;
  /** Resolves when it has ended and its report is stored. */
  done: Promise<void>;
}

/** How long an ended run stays in memory, for those who follow its events. */
const lingerMs = 30_000;
/** How many ended runs stay in memory at the most. */
const maxLingering = 64;

/** The service behind every way in: HTTP, MCP, the command line, the library. */
export class Runs implements RunService, AsyncDisposable {
  readonly #deps: RunsDeps;
  readonly #live = new Map<string, LiveRun>();
  readonly #lingering = new Map<string, ReturnType<typeof setTimeout>>();
  #isOpen = true;

  /** With nothing under way. */
  constructor(deps: RunsDeps) {
    this.#deps = deps;
  }

  /** Marks what an earlier server left under way as dead. */
  async recover(): Promise<void> {
    const lost = await this.#deps.store.endLost((report) => ({
      ...report,
      status: "failed",
      error: { code: "sandbox_crashed", message: "The server ended during the run" },
    }));
    if (lost > 0) log.warn("runs of an earlier server were found dead", { lost });
  }

  /** {@inheritDoc RunService.start} */
  async start(
    request: RunRequest,
    principal: Principal,
    options: { idempotencyKey?: string } = {},
  ): Promise<StartedRun> {
    const limits = this.#limitsOf(request);
    this.#deps.admission.assertRoom(principal.name);
    const { record, stop, resolve } = this.#enter(principal);
    // At once, and not when the key was looked up: meanwhile others would take the same room.
    const place = this.#deps.admission.enter(principal.name, stop.signal);
    const keyed = keyedRequest(request, options.idempotencyKey);
    const begun = this.#deps.store.begin(principal.name, record.report, keyed);
    if (keyed !== undefined) {
      const leave = () => {
        this.#live.delete(record.id);
        stop.abort();
        place.then((taken) => taken[Symbol.dispose](), () => undefined);
        resolve();
      };
      const earlier = await begunBefore(begun, leave);
      if (earlier !== undefined) return await this.#again(earlier, keyed, principal);
    }
    const ending = executeRun(
      { record, request, principal, limits, signal: stop.signal, place },
      this.#deps,
    );
    this.#finish(record, ending, begun).then(resolve);
    // A run that nobody was told of must not go on.
    begun.catch(() => stop.abort());
    await begun;
    return started(record);
  }

  /**
   * Makes one call without code; it is a run of its own, with its receipt. Resolves
   * once that is stored.
   *
   * @throws {AirlockError} `queue_full`, `shutting_down`, `too_large`, `cancelled` or `internal`.
   */
  async callTool(
    call: DirectCall,
    principal: Principal,
    options: DirectCallOptions,
  ): Promise<DirectAnswer> {
    const { record, stop, resolve } = this.#enter(principal);
    const { limits, calls, ask } = this.#deps;
    const tools = await this.#deps.openTools(record.id, principal, ["*"], options.reach);
    const signal = AbortSignal.any([options.signal, stop.signal]);
    const begun = this.#deps.store.begin(principal.name, record.report);
    const deps = { admission: calls, tools, limits, ask };
    const answer = callTool(record, call, { options: { ...options, signal }, deps });
    await this.#finish(record, endingOf(answer, call.tool, signal), begun).then(resolve);
    return { run: record.id, ...await answer };
  }

  /** {@inheritDoc RunService.report} */
  async report(id: string, principal: Principal): Promise<RunReport> {
    const live = this.#find(id, principal);
    if (live !== undefined) return live.record.report;
    const stored = await this.#deps.store.report(principal.name, id);
    if (stored === undefined) throw new AirlockError("not_found", `Cannot find run "${id}"`);
    return stored;
  }

  /** {@inheritDoc RunService.wait} */
  async wait(id: string, principal: Principal, signal: AbortSignal): Promise<RunReport> {
    const live = this.#find(id, principal);
    return live === undefined ? await this.report(id, principal) : live.record.settled(signal);
  }

  /** {@inheritDoc RunService.list} */
  async list(principal: Principal, options: PageOptions = {}): Promise<Page<RunSummary>> {
    const page = await this.#deps.store.list(principal.name, options);
    if (options.cursor !== undefined) return page;
    const stored = new Set(page.items.map(({ id }) => id));
    const underWay = [...this.#live.values()]
      .filter(({ record }) => record.principal === principal.name && !stored.has(record.id))
      .filter(({ record }) => !isFinal(record.status))
      .map(({ record }) => toSummary(record.report))
      .reverse();
    return { ...page, items: [...underWay, ...page.items] };
  }

  /** {@inheritDoc RunService.cancel} */
  async cancel(id: string, principal: Principal): Promise<RunReport> {
    const live = this.#find(id, principal);
    if (live === undefined) return await this.report(id, principal);
    live.stop.abort();
    await live.done;
    return live.record.report;
  }

  /** {@inheritDoc RunService.events} */
  async events(
    id: string,
    principal: Principal,
    after: number,
    signal: AbortSignal,
  ): Promise<AsyncIterable<RunEvent>> {
    const live = this.#find(id, principal);
    if (live !== undefined) return live.record.events(after, signal);
    return replayEvents(await this.report(id, principal), after);
  }

  /** {@inheritDoc RunService.receipts} */
  async receipts(id: string, principal: Principal): Promise<string[]> {
    await this.report(id, principal);
    return await this.#deps.receipts(principal.name, id);
  }

  /** Cancels what is under way, and waits until its state is stored. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOpen = false;
    const live = [...this.#live.values()];
    for (const { stop } of live) stop.abort();
    await Promise.all(live.map(({ done }) => done));
    this.#lingering.forEach((timer) => clearTimeout(timer));
  }

  #limitsOf(request: RunRequest): Limits {
    const limits = {
      ...this.#deps.limits,
      ...parseLimits(request.limits ?? {}, this.#deps.limits),
    };
    const bytes = utf8Length(request.code);
    if (bytes > limits.codeBytes) {
      const message = `Cannot take in the code: ${bytes} bytes, at most ${limits.codeBytes}`;
      throw new AirlockError("too_large", message);
    }
    if (request.durable === true) {
      throw new AirlockError(
        "invalid_request",
        "Cannot start a run: durable runs are not available",
        {
          issues: [{ path: "durable", message: "is not available yet" }],
        },
      );
    }
    return limits;
  }

  /** The run that the same request began before. */
  async #again(
    earlier: RememberedRequest,
    { hash }: KeyedRequest,
    principal: Principal,
  ): Promise<StartedRun> {
    if (earlier.request !== hash) {
      const message = "Cannot start a run: the idempotency key was used for another request";
      throw new AirlockError("key_reused", message);
    }
    const live = this.#find(earlier.run, principal);
    if (live !== undefined) return started(live.record);
    const report = await this.report(earlier.run, principal);
    return { id: report.id, report: () => report, settled: Promise.resolve(report) };
  }

  #enter(principal: Principal): Omit<LiveRun, "done"> & { resolve(): void } {
    if (!this.#isOpen) {
      throw new AirlockError("shutting_down", "Cannot start a run: the server is shutting down");
    }
    const record = new RunRecord(newRunId(), principal.name, Date.now());
    const stop = new AbortController();
    const { promise: done, resolve } = Promise.withResolvers<void>();
    this.#live.set(record.id, { record, stop, done });
    return { record, stop, resolve };
  }

  async #finish(
    record: RunRecord,
    end: Promise<RunEnding>,
    begun: Promise<unknown>,
  ): Promise<void> {
    const ending = await end;
    const report = { ...record.report, ...ending };
    try {
      await begun;
      await this.#deps.store.end(record.principal, report);
    } catch (error) {
      log.error("report lost", { runId: record.id, error });
    }
    record.end(ending);
    this.#linger(record.id);
    const { wallMs: ms, calls } = record.usage;
    log.info("run finished", { runId: record.id, status: ending.status, ms, calls });
  }

  /** Keeps an ended run in memory for a while; the oldest goes where there are many. */
  #linger(id: string): void {
    const forget = (old: string) => {
      clearTimeout(this.#lingering.get(old));
      this.#lingering.delete(old);
      this.#live.delete(old);
    };
    const timer = setTimeout(() => forget(id), lingerMs);
    Deno.unrefTimer(timer);
    this.#lingering.set(id, timer);
    const [oldest] = this.#lingering.keys();
    if (this.#lingering.size > maxLingering) forget(oldest);
  }

  #find(id: string, principal: Principal): LiveRun | undefined {
    const live = this.#live.get(id);
    return live?.record.principal === principal.name ? live : undefined;
  }
}

function started(record: RunRecord): StartedRun {
  return { id: record.id, report: () => record.report, settled: record.settled() };
}
