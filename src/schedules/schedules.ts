/**
 * Alarms of agents: at a time, after a delay, by cron. They are rows in KV, and
 * each due time is fired in the commit that moves its schedule on, so that of
 * any number of servers exactly one does it, and none forgets it. @module
 */

import { AirlockError } from "../errors/airlock_error.ts";
import { logger } from "../log/log.ts";
import { countTimes, nextTime } from "./cron.ts";
import { type NewSchedule, timesOf } from "./new_schedule.ts";
import { type DueEntry, type ScheduleRow, ScheduleStore } from "./schedule_store.ts";

/** A schedule as its owner sees it. */
export interface ScheduleItem {
  /** Identifies it. */
  id: string;
  /** What the agent is told. */
  message: string;
  /** When it comes next, ISO 8601. */
  next: string;
  /** Then again and again. @default {once} */
  cron?: string;
  /** Where `cron` is read. */
  timeZone?: string;
}

/** A due time that is fired. */
export interface DueSchedule {
  /** The schedule. */
  id: string;
  /** The same for the same due time, whoever fires it. */
  key: string;
  /** What the agent is told. */
  message: string;
  /** When it was due, ISO 8601. */
  due: string;
  /** It comes more than a minute after its time, as no server was there. */
  late: boolean;
  /** Due times that were passed over since, at most 1,000: they are not made up for. */
  missed: number;
}

/**
 * Adds what a due time brings about to the commit that moves its schedule on.
 * Where a check of it does not hold, or it throws, the due time is tried again at the next tick.
 */
export type FireSchedule = (
  owner: string,
  due: DueSchedule,
) => (commit: Deno.AtomicOperation) => Deno.AtomicOperation;

/** Options of {@linkcode Schedules}. */
export interface SchedulesOptions {
  /** Schedules that one owner may have. @default {100} */
  maxPerOwner?: number;
  /** How often rows are looked for that other servers wrote, milliseconds. @default {30000} */
  tickMs?: number;
  /** The clock, milliseconds since 1970. @default {Date.now} */
  now?: () => number;
}

/** What is told when a due time was fired. */
type OnFired = (owner: string, due: DueSchedule) => void;

const log = logger("schedules");

/** A due time that comes later than this says so. */
const lateMs = 60_000;
/** Due times that are fired at once. */
const firedAtOnce = 16;

/** The schedules of all owners. */
export class Schedules implements AsyncDisposable {
  readonly #store: ScheduleStore;
  readonly #options: Required<SchedulesOptions>;
  #fire: FireSchedule | undefined;
  #onFired: OnFired | undefined;
  #timer: { due: number; id: ReturnType<typeof setTimeout> } | undefined;
  #ticking: Promise<void> = Promise.resolve();

  /** Those that lie in a KV; nothing is fired before {@linkcode start}. */
  constructor(kv: Deno.Kv, options: SchedulesOptions = {}) {
    const { maxPerOwner = 100, tickMs = 30_000, now = Date.now } = options;
    this.#store = new ScheduleStore(kv);
    this.#options = { maxPerOwner, tickMs, now };
  }

  /**
   * Adds a schedule.
   *
   * @throws {AirlockError} `invalid_request` for a time that never comes, is
   * over, or is more than a year ahead; `conflict` where the owner has too many.
   */
  async add(owner: string, schedule: NewSchedule): Promise<{ id: string; next: string }> {
    const { maxPerOwner, now } = this.#options;
    const row: ScheduleRow = { message: schedule.message, ...timesOf(schedule, now()) };
    const id = `sch_${crypto.getRandomValues(new Uint8Array(12)).toHex()}`;
    if (!await this.#store.add(owner, id, row, maxPerOwner)) {
      const message = `Cannot add a schedule: there are ${maxPerOwner} already`;
      throw new AirlockError("conflict", message, { hint: "Delete some that are not needed" });
    }
    this.#arm(row.due);
    return { id, next: isoTime(row.due) };
  }

  /** An owner's schedules, the next one first. */
  async list(owner: string): Promise<ScheduleItem[]> {
    const found = await this.#store.list(owner, this.#options.maxPerOwner);
    return found.sort((a, b) => a.row.due - b.row.due).map(({ id, row }) => {
      const { due, ...rest } = row;
      return { id, ...rest, next: isoTime(due) };
    });
  }

  /** Forgets a schedule. Gives whether it was there. */
  delete(owner: string, id: string): Promise<boolean> {
    return this.#store.delete(owner, id);
  }

  /** Forgets all of an owner's. */
  deleteAll(owner: string): Promise<void> {
    return this.#store.deleteAll(owner);
  }

  /**
   * Fires what is due from now on.
   *
   * @param fire Adds to the commit that moves a schedule on.
   * @param onFired Told after the commit, by the server that made it.
   */
  start(fire: FireSchedule, onFired?: OnFired): void {
    if (this.#fire !== undefined) throw new TypeError("Cannot start schedules twice");
    this.#fire = fire;
    this.#onFired = onFired;
    this.#arm(this.#options.now());
  }

  /** Fires what is due now; the timer does so by itself. */
  tick(): Promise<void> {
    this.#ticking = this.#ticking.then(() => this.#fireDue());
    return this.#ticking;
  }

  /** Fires nothing more; resolves when what was begun is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#fire = undefined;
    clearTimeout(this.#timer?.id);
    this.#timer = undefined;
    await this.#ticking;
  }

  async #fireDue(): Promise<void> {
    const now = this.#options.now();
    try {
      let batch: Promise<void>[] = [];
      for await (const due of this.#store.dueUntil(now)) {
        if (this.#fire === undefined) break;
        batch.push(this.#fireOne(due, now, this.#fire));
        if (batch.length < firedAtOnce) continue;
        await Promise.all(batch);
        batch = [];
      }
      await Promise.all(batch);
      const next = await this.#store.nextAfter(now);
      if (next !== undefined) this.#arm(next);
    } catch (error) {
      log.error("schedules cannot be read", { error });
    }
  }

  async #fireOne(place: DueEntry, now: number, fire: FireSchedule): Promise<void> {
    const { owner, id, at } = place;
    try {
      const found = await this.#store.find(owner, id);
      if (found?.row.due !== at) return await this.#store.dropDue(place);
      const { row } = found;
      const due = dueSchedule(id, row, now);
      const next = cronOf(row, (times) => nextTime(times, Math.max(now, at)));
      const done = await this.#store.advance(place, found, next, fire(owner, due));
      if (done) this.#onFired?.(owner, due);
    } catch (error) {
      log.error("schedule was not fired", { schedule: id, error });
    }
  }

  /** Sets the timer, unless it is set for an earlier time. */
  #arm(due: number): void {
    if (this.#fire === undefined) return;
    const { now, tickMs } = this.#options;
    if (this.#timer !== undefined && this.#timer.due <= due) return;
    clearTimeout(this.#timer?.id);
    const waitMs = Math.min(Math.max(due - now(), 0), tickMs);
    this.#timer = { due: now() + waitMs, id: setTimeout(() => this.#wake(), waitMs) };
  }

  #wake(): void {
    this.#timer = undefined;
    this.#arm(this.#options.now() + this.#options.tickMs);
    void this.tick();
  }
}

function dueSchedule(id: string, row: ScheduleRow, now: number): DueSchedule {
  const due = isoTime(row.due);
  const missed = cronOf(row, (times) => countTimes(times, row.due, now)) ?? 0;
  const late = now - row.due > lateMs;
  return { id, key: `${id}@${due}`, message: row.message, due, late, missed };
}

function cronOf<T>(
  { cron, timeZone = "UTC" }: ScheduleRow,
  find: (times: { cron: string; timeZone: string }) => T,
): T | undefined {
  return cron === undefined ? undefined : find({ cron, timeZone });
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
