/** A run service without a sandbox: the code says what becomes of it. @module */

import { AirlockError } from "../../src/errors/airlock_error.ts";
import {
  type ContentBlock,
  isFinal,
  type RunEvent,
  type RunReport,
} from "../../src/runs/report.ts";
import type { RunRequest, RunService } from "../../src/runs/run_service.ts";
import type { McpServerDeps } from "../../src/mcp_server/mcp_server_deps.ts";

/** One run of the fake. */
interface FakeRun {
  report: RunReport;
  events: RunEvent[];
  settled: PromiseWithResolvers<RunReport>;
}

/** Runs `hang` until cancelled, `approve` until never, `steps` with progress, and ends all else with the JSON it is. */
export class FakeRuns implements RunService {
  readonly started: RunRequest[] = [];
  readonly principals: string[] = [];
  /** Resolves with the id of the first run that hangs. */
  readonly hanging = Promise.withResolvers<string>();
  /** Resolves with the id of the first run that was cancelled. */
  readonly cancelled = Promise.withResolvers<string>();
  readonly #runs = new Map<string, FakeRun>();

  start(request: RunRequest, principal: { name: string }) {
    if (request.code === "refuse") {
      throw new AirlockError("queue_full", "Cannot start a run: the queue is full", {
        hint: "Try again in 2 s",
      });
    }
    if (request.code === "break") throw new TypeError("secret path /srv/airlock/x.ts");
    this.started.push(request);
    this.principals.push(principal.name);
    const id = `run_${this.started.length}`;
    const run: FakeRun = {
      report: makeReport({ id, status: "running" }),
      events: [],
      settled: Promise.withResolvers(),
    };
    this.#runs.set(id, run);
    this.#play(run, request);
    return Promise.resolve({ id, report: () => run.report, settled: run.settled.promise });
  }

  #play(run: FakeRun, { code }: RunRequest): void {
    const push = (event: RunEvent) => void run.events.push(event);
    if (code === "hang") return this.hanging.resolve(run.report.id);
    if (code === "approve") {
      run.report = { ...run.report, status: "waiting" };
      return run.settled.resolve(run.report);
    }
    if (code === "steps") {
      push({ id: 1, event: "progress", data: { done: 1, total: 3, text: "one" } });
      push({ id: 2, event: "call", data: { seq: 1, tool: "shop.a", status: "ok", ms: 1 } });
      push({ id: 3, event: "progress", data: { done: 3, total: 3 } });
      push({ id: 4, event: "log", data: { level: "log", text: "hello\u001b[31m", ms: 2 } });
    }
    const failed = code === "fail";
    this.#end(
      run,
      makeReport({
        id: run.report.id,
        status: failed ? "failed" : "succeeded",
        ...(failed
          ? { error: { code: "thrown", name: "TypeError", message: "no", line: 3, column: 7 } }
          : { result: code }),
        ...(code === "emit" ? { content: emitted } : {}),
      }),
    );
  }

  #end(run: FakeRun, report: RunReport): void {
    run.report = report;
    run.events.push({ id: run.events.length + 1, event: "end", data: report });
    run.settled.resolve(report);
  }

  #find(id: string): FakeRun {
    const run = this.#runs.get(id);
    if (!run) throw new AirlockError("not_found", `Cannot find run "${id}": there is none`);
    return run;
  }

  async report(id: string) {
    return await Promise.resolve(this.#find(id).report);
  }

  async wait(id: string, _principal: unknown, signal: AbortSignal) {
    const run = this.#find(id);
    const stopped = Promise.withResolvers<void>();
    const stop = () => stopped.resolve();
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    await Promise.race([run.settled.promise, stopped.promise]);
    signal.removeEventListener("abort", stop);
    return run.report;
  }

  async cancel(id: string) {
    const run = this.#find(id);
    if (!isFinal(run.report.status)) {
      this.#end(
        run,
        makeReport({
          id,
          status: "cancelled",
          error: { code: "cancelled", message: "Cancelled by its caller" },
        }),
      );
    }
    this.cancelled.resolve(id);
    return await Promise.resolve(run.report);
  }

  async events(id: string, principal: unknown, after: number, signal: AbortSignal) {
    const run = this.#find(id);
    const wait = () => this.wait(id, principal, signal);
    return await Promise.resolve(async function* () {
      yield* run.events.slice(after).filter(({ event }) => event !== "end");
      await wait();
      yield* run.events.filter(({ event }) => event === "end");
    }());
  }

  list() {
    return Promise.resolve({ items: [...this.#runs.values()].map(({ report }) => report) });
  }

  receipts() {
    return Promise.resolve([]);
  }
}

const emitted: ContentBlock[] = [
  { type: "image", mimeType: "image/png", data: "aGVsbG8=" },
  { type: "hologram", depth: 3 },
];

/** A report with what a test cares about. */
export function makeReport(report: Partial<RunReport> = {}): RunReport {
  return {
    id: "run_1",
    status: "succeeded",
    logs: [],
    calls: [],
    usage: {
      queueMs: 0,
      startMs: 1,
      wallMs: 12.4,
      cpuMs: 3,
      peakMemoryMb: 50,
      calls: 0,
      argumentBytes: 0,
      answerBytes: 0,
    },
    createdAt: "2026-11-22T00:00:00.000Z",
    ...report,
  };
}

/** Deps over fake runs and a shop of two tools. */
export function fakeDeps(overrides: Partial<McpServerDeps> = {}): McpServerDeps {
  return {
    runs: new FakeRuns(),
    search: (query, { detail }) => {
      const items = ["reviews", "top_products"].filter((tool) =>
        query === undefined || tool.includes(query)
      );
      return items.map((tool) => ({
        name: `shop.${tool}`,
        server: "shop",
        tool,
        summary: `Gives the ${tool}.`,
        ...(detail === "names" ? {} : { signature: `shop.${tool}(args: {}): Promise<unknown>` }),
      }));
    },
    servers: () => [{ name: "shop", tools: 2, state: "ready" }],
    version: "1.2.3",
    defaultWaitMs: 60_000,
    ...overrides,
  };
}
