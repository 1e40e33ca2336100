/** Runs in the process that owns the data folder. @module */

import type { Principal } from "../grants/principal.ts";
import { isFinal, type RunEvent, type RunReport, type RunSummary } from "../runs/report.ts";
import type { Page, PageOptions, RunRequest, RunService, StartedRun } from "../runs/run_service.ts";
import { type ApiClient, apiPath } from "./api_client.ts";
import { receiptPage, runPage, runReport } from "./api_schemas.ts";
import { readRunEvents } from "./event_stream.ts";

/**
 * A {@linkcode RunService} over HTTP. Whose runs these are is decided by the
 * token of the client, so the principals that are passed in are not looked at.
 */
export class RemoteRuns implements RunService {
  readonly #api: ApiClient;

  /** The runs behind an HTTP API. */
  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** Takes a run in and does not wait for it. */
  async start(
    request: RunRequest,
    principal: Principal,
    options: { idempotencyKey?: string } = {},
  ): Promise<StartedRun> {
    const { limits, ...rest } = request;
    const { idempotencyKey } = options;
    const report = await this.#api.json("/v1/runs", runReport, {
      method: "POST",
      body: { ...rest, ...limits, wait: false },
      headers: idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey },
    });
    const settle = () => this.wait(report.id, principal, new AbortController().signal);
    return {
      id: report.id,
      report: () => report,
      // Asked for only by who wants it: it holds a connection open.
      get settled(): Promise<RunReport> {
        return settle().catch(() => report);
      },
    };
  }

  /** The report as it stands. */
  report(id: string): Promise<RunReport> {
    return this.#api.json(runPath(id), runReport);
  }

  /** Resolves when the run is final or waits, or the signal fires. */
  async wait(id: string, principal: Principal, signal: AbortSignal): Promise<RunReport> {
    let after = 0;
    while (true) {
      const report = await this.report(id);
      if (isFinal(report.status) || report.status === "waiting" || signal.aborted) return report;
      for await (const item of await this.events(id, principal, after, signal)) {
        after = item.id;
        if (item.event === "end") return item.data;
        // It may be an old one, of a run that went on: the report says.
        if (item.event === "approval") break;
      }
    }
  }

  /** Newest first. */
  list(_principal: Principal, options: PageOptions = {}): Promise<Page<RunSummary>> {
    const { limit, cursor } = options;
    return this.#api.json(apiPath("/v1/runs", { limit, cursor }), runPage);
  }

  /** Stops a run and gives its report. */
  cancel(id: string): Promise<RunReport> {
    return this.#api.json(`${runPath(id)}/cancel`, runReport, { method: "POST" });
  }

  /** What happened since event `after`; ends without error when the signal fires. */
  async events(
    id: string,
    _principal: Principal,
    after: number,
    signal: AbortSignal,
  ): Promise<AsyncIterable<RunEvent>> {
    const response = await this.#api.send(`${runPath(id)}/events`, {
      headers: { "last-event-id": String(after) },
      signal,
    });
    return untilAborted(response, signal);
  }

  /** Compact JWS, in order. */
  async receipts(id: string): Promise<string[]> {
    return (await this.#api.json(`${runPath(id)}/receipts`, receiptPage)).items;
  }
}

function runPath(id: string): string {
  return `/v1/runs/${encodeURIComponent(id)}`;
}

async function* untilAborted(
  response: Response,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  if (response.body === null) return;
  try {
    yield* readRunEvents(response.body);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
