/** What may be scheduled, and when it comes first. @module */

import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import { assertCron, nextTime } from "./cron.ts";

/** Characters of a message. */
const maxMessageLength = 16_000;
/** How far ahead a time may lie. */
const maxAheadMs = 366 * 86_400_000;
/** A time that is over by no more than this comes at once: clocks differ. */
const graceMs = 60_000;

const message = z.string().min(1).max(maxMessageLength);
const timeZone = z.string().min(1).max(100);

/** A schedule as it is asked for: one time, a delay, or a cron expression. */
export type NewSchedule =
  /** ISO 8601 with `Z` or an offset. */
  | { at: string; message: string }
  /** Milliseconds from now. */
  | { delayMs: number; message: string }
  /** In `UTC` unless told otherwise. */
  | { cron: string; timeZone?: string; message: string };

/** Reads the body of a request. */
export const newScheduleSchema: z.ZodType<NewSchedule> = z.union([
  z.strictObject({ at: z.iso.datetime({ offset: true }), message }),
  z.strictObject({ delayMs: z.int().min(0).max(maxAheadMs), message }),
  z.strictObject({ cron: z.string().min(1).max(1_000), timeZone: timeZone.optional(), message }),
], { error: 'Invalid input: one of "at", "delayMs" and "cron", and a "message"' });

/** When a schedule comes, milliseconds since 1970. */
export interface ScheduleTimes {
  /** First. */
  due: number;
  /** Then again and again. @default {once} */
  cron?: string;
  /** Where `cron` is read. */
  timeZone?: string;
}

/**
 * Finds out when a schedule comes.
 *
 * @throws {AirlockError} `invalid_request` where it never comes, is over, or too far ahead.
 */
export function timesOf(schedule: NewSchedule, now: number): ScheduleTimes {
  if ("delayMs" in schedule) return { due: now + schedule.delayMs };
  if ("at" in schedule) return { due: timeOf(schedule.at, now) };
  const { cron, timeZone = "UTC" } = schedule;
  assertCron({ cron, timeZone }, now);
  const due = nextTime({ cron, timeZone }, now);
  if (due === undefined) throw new RangeError("Cannot schedule what never comes");
  return { due, cron, timeZone };
}

function timeOf(at: string, now: number): number {
  const due = Date.parse(at);
  if (Number.isNaN(due)) throw refused(at, "it is no time");
  if (due < now - graceMs) throw refused(at, "it is over");
  if (due > now + maxAheadMs) throw refused(at, "it is more than a year ahead");
  return due;
}

function refused(at: string, state: string): AirlockError {
  return new AirlockError("invalid_request", `Cannot schedule at "${at}": ${state}`);
}
