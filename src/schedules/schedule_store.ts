/** Schedules as they lie in KV: by owner, and in order of their due times. @module */

import { z } from "zod";

const keys = {
  row: (owner: string, id: string) => ["schedule", owner, id],
  rows: (owner: string) => ["schedule", owner],
  due: (at: number, owner: string, id: string) => ["schedule_due", at, owner, id],
  allDue: ["schedule_due"],
  /** Written with each new schedule: of two at once one counts again. */
  state: (owner: string) => ["schedule_state", owner],
};

const rowSchema = z.strictObject({
  message: z.string(),
  due: z.number(),
  cron: z.string().optional(),
  timeZone: z.string().optional(),
});
const dueKeySchema = z.tuple([z.string(), z.number(), z.string(), z.string()]);
const idSchema = z.string();

/** A schedule. */
export interface ScheduleRow {
  /** What the agent is told. */
  message: string;
  /** When it comes next, milliseconds since 1970. */
  due: number;
  /** Then again and again. @default {once} */
  cron?: string;
  /** Where `cron` is read. */
  timeZone?: string;
}

/** A schedule whose time has come. */
export interface DueEntry {
  /** Whose it is. */
  readonly owner: string;
  /** Which one. */
  readonly id: string;
  /** When it was due. */
  readonly at: number;
  /** Its place in the order. */
  readonly entry: Deno.KvEntry<unknown>;
}

/** A schedule as it was read. */
export interface FoundSchedule {
  /** Its version. */
  readonly entry: Deno.KvEntry<unknown>;
  /** What it says. */
  readonly row: ScheduleRow;
}

/** The schedules of all owners. */
export class ScheduleStore {
  readonly #kv: Deno.Kv;

  /** Those that lie in a KV. */
  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  /**
   * Keeps a new schedule.
   *
   * @returns Whether there was room for it.
   */
  async add(owner: string, id: string, row: ScheduleRow, maxCount: number): Promise<boolean> {
    for (;;) {
      const state = await this.#kv.get(keys.state(owner));
      if ((await this.list(owner, maxCount)).length >= maxCount) return false;
      const commit = this.#kv.atomic().check(state).set(state.key, true);
      commit.set(keys.row(owner, id), row).set(keys.due(row.due, owner, id), true);
      if ((await commit.commit()).ok) return true;
    }
  }

  /** An owner's schedules, in order of id, all unless there is a limit. */
  async list(owner: string, limit?: number): Promise<{ id: string; row: ScheduleRow }[]> {
    const found = this.#kv.list({ prefix: keys.rows(owner) }, { limit });
    return await Array.fromAsync(found, ({ key, value }) => ({
      id: idSchema.parse(key.at(-1)),
      row: rowSchema.parse(value),
    }));
  }

  /** A schedule; `undefined` where there is none. */
  async find(owner: string, id: string): Promise<FoundSchedule | undefined> {
    const entry = await this.#kv.get(keys.row(owner, id));
    return entry.versionstamp === null ? undefined : { entry, row: rowSchema.parse(entry.value) };
  }

  /** Forgets a schedule. Gives whether it was there. */
  async delete(owner: string, id: string): Promise<boolean> {
    for (;;) {
      const found = await this.find(owner, id);
      if (found === undefined) return false;
      const commit = this.#kv.atomic().check(found.entry).delete(found.entry.key);
      const done = await commit.delete(keys.due(found.row.due, owner, id)).commit();
      if (done.ok) return true;
    }
  }

  /** Forgets all of an owner's. */
  async deleteAll(owner: string): Promise<void> {
    for (const { id } of await this.list(owner)) await this.delete(owner, id);
    await this.#kv.delete(keys.state(owner));
  }

  /** What is due at a time, the oldest first. */
  async *dueUntil(now: number): AsyncGenerator<DueEntry> {
    const end = [...keys.allDue, now + 1];
    for await (const entry of this.#kv.list({ prefix: keys.allDue, end }, { batchSize: 100 })) {
      const [, at, owner, id] = dueKeySchema.parse(entry.key);
      yield { owner, id, at, entry };
    }
  }

  /** When the next one after a time is due; `undefined` where there is none. */
  async nextAfter(now: number): Promise<number | undefined> {
    const start = [...keys.allDue, now + 1];
    for await (const { key } of this.#kv.list({ prefix: keys.allDue, start }, { limit: 1 })) {
      return dueKeySchema.parse(key)[1];
    }
    return undefined;
  }

  /** Drops a place in the order whose schedule is gone. */
  async dropDue({ entry }: DueEntry): Promise<void> {
    await this.#kv.atomic().check(entry).delete(entry.key).commit();
  }

  /**
   * Moves a schedule on to its next time, or ends it.
   *
   * @param also Adds to the commit.
   * @returns Whether it was done; `false` where somebody else did, or a check of `also` did not hold.
   */
  async advance(
    { owner, id, entry: place }: DueEntry,
    { entry, row }: FoundSchedule,
    next: number | undefined,
    also: (commit: Deno.AtomicOperation) => Deno.AtomicOperation,
  ): Promise<boolean> {
    const commit = this.#kv.atomic().check(place, entry).delete(place.key);
    if (next === undefined) commit.delete(entry.key);
    else {
      commit.set(entry.key, { ...row, due: next }).set(keys.due(next, owner, id), true);
    }
    return (await also(commit).commit()).ok;
  }
}
