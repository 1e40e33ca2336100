/** All runs: takes them in, keeps them, stops them. @module */

import type { Limits } from "../config/config.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Principal } from "../grants/principal.ts";
import { logger } from "../log/log.ts";
import type { Admission, Place } from "./admission.ts";
import { callTool, endingOf } from "./call_tool.ts";
import type { DirectAnswer, DirectCall, DirectCallOptions } from "./call_tool.ts";
import { type AcceptedRun, type ExecuteRunDeps, serverEnds } from "./accepted_run.ts";
import { executeRun } from "./execute_run.ts";
import { begunBefore, keyedRequest } from "./keyed_request.ts";
import {
  isFinal,
  type RunEnding,
  type RunEvent,
  type RunReport,
  type RunSummary,
} from "./report.ts";
import { replayEvents } from "./replay_events.ts";
import { type LiveRun, LiveRuns } from "./live_runs.ts";
import { newRunId } from "./run_id.ts";
import { runLimits } from "./run_limits.ts";
import { RunRecord } from "./run_record.ts";
import type { StoredRun } from "./run_journal.ts";
import type {
  Page,
  PageOptions,
  RunRequest,
  RunService,
  StartedRun,
  StartOptions,
} from "./run_service.ts";
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
  /** Whether another server of the same KV is there. @default {none is} */
  isAlive?(server: string): Promise<boolean>;
  /** Who a principal is by now, with the rights of today; nobody, where the key is gone. */
  principalOf?(name: string): Principal | undefined;
  /** The receipts of a run, in order. */
  receipts(principal: string, run: string): Promise<string[]>;
}

/** The service behind every way in: HTTP, MCP, the command line, the library. */
export class Runs implements RunService, AsyncDisposable {
  readonly #deps: RunsDeps;
  readonly #live = new LiveRuns();
  #isOpen = true;

  /** With nothing under way. */
  constructor(deps: RunsDeps) {
    this.#deps = deps;
  }

  /** Goes on with the durable runs of an earlier server, and marks the others as dead. */
  async recover(): Promise<void> {
    const { store, journals } = this.#deps;
    let lost = 0;
    for (const row of await store.live()) {
      const { principal: name, report, server } = row;
      const isOthers = server !== undefined && await this.#deps.isAlive?.(server);
      if (isOthers || !await store.adopt(row)) continue;
      const stored = await journals?.load(report.id);
      const principal = stored && this.#deps.principalOf?.(name);
      if (stored && principal) this.#resume(report, stored, principal);
      else {
        lost++;
        await store.end(name, { ...report, ...lostEnding });
        await journals?.delete(report.id);
      }
    }
    if (lost > 0) log.warn("runs were found dead", { lost });
  }

  /** {@inheritDoc RunService.start} */
  async start(
    request: RunRequest,
    principal: Principal,
    options: StartOptions = {},
  ): Promise<StartedRun> {
    const limits = runLimits(request, this.#deps.limits);
    const { isNested = false } = options;
    if (!isNested) this.#deps.admission.assertRoom(principal.name);
    const { record, stop, resolve } = this.#enter(principal);
    const enter = (): Promise<Place> =>
      isNested
        ? Promise.resolve({ [Symbol.dispose]: () => {} })
        : this.#deps.admission.enter(principal.name, stop.signal);
    // At once, and not when the key was looked up: meanwhile others would take the same room.
    const place = enter();
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
    const run: AcceptedRun = {
      record,
      request,
      principal,
      limits,
      signal: stop.signal,
      place,
      enter,
    };
    this.#finish(run, executeRun(run, this.#deps), begun).then(resolve);
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
    await this.#finish({ record }, endingOf(answer, call.tool, signal), begun).then(resolve);
    return { run: record.id, ...await answer };
  }

  /** {@inheritDoc RunService.report} */
  async report(id: string, principal: Principal): Promise<RunReport> {
    const live = this.#live.find(id, principal);
    if (live !== undefined) return live.record.report;
    const stored = await this.#deps.store.report(principal.name, id);
    if (stored === undefined) throw new AirlockError("not_found", `Cannot find run "${id}"`);
    return stored;
  }

  /** {@inheritDoc RunService.wait} */
  async wait(id: string, principal: Principal, signal: AbortSignal): Promise<RunReport> {
    const live = this.#live.find(id, principal);
    return live === undefined ? await this.report(id, principal) : live.record.settled(signal);
  }

  /** {@inheritDoc RunService.list} */
  async list(principal: Principal, options: PageOptions = {}): Promise<Page<RunSummary>> {
    const page = await this.#deps.store.list(principal.name, options);
    if (options.cursor !== undefined) return page;
    const stored = new Set(page.items.map(({ id }) => id));
    const underWay = this.#live.all()
      .filter(({ record }) => record.principal === principal.name && !stored.has(record.id))
      .filter(({ record }) => !isFinal(record.status))
      .map(({ record }) => toSummary(record.report))
      .reverse();
    return { ...page, items: [...underWay, ...page.items] };
  }

  /** {@inheritDoc RunService.cancel} */
  async cancel(id: string, principal: Principal): Promise<RunReport> {
    const live = this.#live.find(id, principal);
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
    const live = this.#live.find(id, principal);
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
    const live = this.#live.all();
    for (const { stop } of live) stop.abort(serverEnds);
    await Promise.all(live.map(({ done }) => done));
    this.#live[Symbol.dispose]();
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
    const live = this.#live.find(earlier.run, principal);
    if (live !== undefined) return started(live.record);
    const report = await this.report(earlier.run, principal);
    return { id: report.id, report: () => report, settled: Promise.resolve(report) };
  }

  /** Goes on with a durable run: its code is run again, over its record. */
  #resume(report: RunReport, stored: StoredRun, { name, tools }: Principal): void {
    const { request, limits, agent, start } = stored;
    const principal = { name, tools, ...(agent !== undefined && { agent }) };
    const begun = new RunRecord(report.id, name, Date.parse(report.createdAt));
    const { record, stop, resolve } = this.#enter(principal, begun);
    const enter = () => this.#deps.admission.enter(name, stop.signal);
    const run: AcceptedRun = {
      record,
      request,
      principal,
      limits,
      signal: stop.signal,
      place: enter(),
      enter,
      durable: start,
    };
    log.info("run goes on", { runId: record.id });
    this.#finish(run, executeRun(run, this.#deps), Promise.resolve()).then(resolve);
  }

  #enter(
    principal: Principal,
    record: RunRecord = new RunRecord(newRunId(), principal.name, Date.now()),
  ): Omit<LiveRun, "done"> & { resolve(): void } {
    if (!this.#isOpen) {
      throw new AirlockError("shutting_down", "Cannot start a run: the server is shutting down");
    }
    const stop = new AbortController();
    const { promise: done, resolve } = Promise.withResolvers<void>();
    this.#live.add({ record, stop, done });
    return { record, stop, resolve };
  }

  async #finish(
    run: Pick<AcceptedRun, "record" | "durable">,
    end: Promise<RunEnding | undefined>,
    begun: Promise<unknown>,
  ): Promise<void> {
    const { record } = run;
    const ending = await end;
    // Left as it is: the next server goes on with it.
    if (ending === undefined) return;
    const report = { ...record.report, ...ending };
    try {
      await begun;
      await this.#deps.store.end(record.principal, report);
      if (run.durable !== undefined) await this.#deps.journals?.delete(record.id);
    } catch (error) {
      log.error("report lost", { runId: record.id, error });
    }
    record.end(ending);
    this.#live.linger(record.id);
    const { wallMs: ms, calls } = record.usage;
    log.info("run finished", { runId: record.id, status: ending.status, ms, calls });
  }
}

function started(record: RunRecord): StartedRun {
  return { id: record.id, report: () => record.report, settled: record.settled() };
}

const lostEnding = {
  status: "failed",
  error: { code: "sandbox_crashed", message: "The server ended during the run" },
} as const;
