/** Runs in KV: what is under way, and the reports of what has ended. @module */

import { z } from "zod";
import { inlineValue, readLarge, writeLarge } from "../storage/large_values.ts";
import { GroupCommit } from "./group_commit.ts";
import type { RunReport, RunSummary } from "./report.ts";
import type { Page, PageOptions } from "./run_service.ts";

const keys = {
  report: (principal: string, id: string) => ["run", principal, id],
  reports: (principal: string) => ["run", principal],
  live: (id: string) => ["live_run", id],
  allLive: ["live_run"],
  idempotency: (principal: string, key: string) => ["idempotency", principal, key],
};

const liveRun = z.object({
  principal: z.string(),
  report: z.custom<RunReport>(),
  /** The server that carries it out. */
  server: z.string().optional(),
});
const remembered = z.object({ run: z.string(), request: z.string(), expiresAt: z.number() });

/** How long an idempotency key is kept, milliseconds. */
const idempotencyMs = 24 * 60 * 60 * 1_000;

/** A request that was remembered under an idempotency key. */
export interface RememberedRequest {
  /** The run it began. */
  run: string;
  /** Hash of the request. */
  request: string;
}

/** A run that is under way, or was left so. */
export interface LiveRow {
  /** Whose it is. */
  principal: string;
  /** As it was when it was taken in. */
  report: RunReport;
  /** The server that carries it out. @default {one that says nothing of itself} */
  server?: string;
  /** Where that stands. */
  entry: Deno.KvEntry<unknown>;
}

/** A request that is to be remembered. */
export interface KeyedRequest {
  /** The key, as the client gave it. */
  key: string;
  /** Hash of the request. */
  hash: string;
}

/** Reads and writes the runs of all principals. */
export class RunStore {
  readonly #kv: Deno.Kv;
  readonly #commits: GroupCommit;
  readonly #now: () => number;
  readonly #server: string | undefined;

  /** Keeps them in this database. @param server Names this process among those that share it. */
  constructor(kv: Deno.Kv, now: () => number = Date.now, server?: string) {
    this.#kv = kv;
    this.#server = server;
    this.#commits = new GroupCommit(kv);
    this.#now = now;
  }

  /**
   * Notes that a run is under way, so that it is found after a crash; with an
   * idempotency key, only where none is remembered under it, in one commit.
   *
   * @returns The earlier request under the key, in whose place this one does not begin.
   */
  async begin(
    principal: string,
    report: RunReport,
    request?: KeyedRequest,
  ): Promise<RememberedRequest | undefined> {
    const live = keys.live(report.id);
    const server = this.#server;
    const value = { principal, report, ...(server !== undefined && { server }) };
    if (request === undefined) {
      await this.#commits.write((commit) => commit.set(live, value));
      return undefined;
    }
    const at = keys.idempotency(principal, request.key);
    while (true) {
      const entry = await this.#kv.get(at);
      const earlier = remembered.safeParse(entry.value).data;
      if (earlier !== undefined && earlier.expiresAt > this.#now()) return earlier;
      const expiresAt = this.#now() + idempotencyMs;
      const { ok } = await this.#kv.atomic().check(entry).set(live, value)
        .set(at, { run: report.id, request: request.hash, expiresAt }, { expireIn: idempotencyMs })
        .commit();
      if (ok) return undefined;
    }
  }

  /** Keeps the final report of a run that began here: there is none before it. */
  async end(principal: string, report: RunReport): Promise<void> {
    const short = inlineValue(JSON.stringify(report));
    if (short === undefined) return await this.#replace(principal, report);
    await this.#commits.write((commit) =>
      commit.set(keys.report(principal, report.id), short).delete(keys.live(report.id))
    );
  }

  /** The final report of a run, if it is the principal's. */
  async report(principal: string, id: string): Promise<RunReport | undefined> {
    const value = await readLarge(this.#kv, keys.report(principal, id));
    return value === undefined ? undefined : parseReport(value.text());
  }

  /** Ended runs, newest first: ids begin with the time. */
  async list(principal: string, options: PageOptions = {}): Promise<Page<RunSummary>> {
    const { limit = 100, cursor } = options;
    const prefix = keys.reports(principal);
    const entries = this.#kv.list({ prefix }, { reverse: true, limit, cursor });
    const items: RunSummary[] = [];
    for await (const { key } of entries) {
      const report = await this.report(principal, String(key[2]));
      if (report !== undefined) items.push(toSummary(report));
    }
    return items.length < limit ? { items } : { items, cursor: entries.cursor };
  }

  /** What other servers have under way, or left so. */
  async live(): Promise<LiveRow[]> {
    const entries = this.#kv.list({ prefix: keys.allLive });
    return await Array.fromAsync(entries, (entry) => ({ ...liveRun.parse(entry.value), entry }));
  }

  /** Makes a run that a dead server left this one's; not where another was faster. */
  async adopt({ entry, principal, report }: LiveRow): Promise<boolean> {
    const value = { principal, report, ...(this.#server && { server: this.#server }) };
    const { ok } = await this.#kv.atomic().check(entry).set(entry.key, value).commit();
    return ok;
  }

  /** Keeps a final report of any size, in place of the one that may be there. */
  async #replace(principal: string, report: RunReport): Promise<void> {
    await writeLarge(this.#kv, keys.report(principal, report.id), JSON.stringify(report), {
      also: (commit) => commit.delete(keys.live(report.id)),
    });
  }
}

/** A report without its long parts. */
export function toSummary(
  { logs: _logs, calls: _calls, content: _content, ...rest }: RunReport,
): RunSummary {
  return rest;
}

/** Our own writing; parsed all the same, since a file of an older version may be under it. */
function parseReport(text: string): RunReport {
  return z.custom<RunReport>((value) => z.object({ id: z.string() }).safeParse(value).success)
    .parse(JSON.parse(text));
}
