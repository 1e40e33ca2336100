/** Cron expressions with a time zone: read, and their next times. @module */

import { Cron } from "croner";
import { AirlockError } from "../errors/airlock_error.ts";

/** Times between two that are counted; more are "at least so many". */
export const maxCounted = 1_000;

const maxLength = 200;

/** A cron expression of five fields, or a nickname as `@daily`. */
export interface CronTimes {
  /** `minute hour day month weekday`. */
  cron: string;
  /** An IANA name. */
  timeZone: string;
}

/**
 * Refuses what is no cron expression of five fields, never comes, or lies in a
 * time zone that nobody knows. With five fields none fires more often than once a minute.
 *
 * @throws {AirlockError} `invalid_request`.
 */
export function assertCron(times: CronTimes, now: number): void {
  const { cron, timeZone } = times;
  if (!isTimeZone(timeZone)) throw refused(timeZone, "there is no such time zone");
  const shown = cron.slice(0, maxLength);
  if (cron.length > maxLength || /^\s*\d{4}-/.test(cron)) {
    throw refused(shown, "it is no cron expression of five fields");
  }
  let next: number | undefined;
  try {
    next = nextTime(times, now);
  } catch (cause) {
    const hint = cause instanceof Error ? cause.message.replace(/^\w+: /, "") : undefined;
    const message = `Cannot schedule "${shown}": it is no cron expression of five fields`;
    throw new AirlockError("invalid_request", message, { cause, hint });
  }
  if (next === undefined) throw refused(shown, "it never comes");
}

/**
 * The first time after another, milliseconds since 1970; `undefined` where none
 * comes. Hours that a change of clocks leaves out come right after it, hours it
 * repeats count once; with `*` or a step in the hour or the minute they are left out, and count twice.
 */
export function nextTime({ cron, timeZone }: CronTimes, after: number): number | undefined {
  const job = new Cron(cron, {
    timezone: timeZone,
    mode: "5-part",
    fixedTimeRule: "no-wildcard",
    paused: true,
  });
  return job.nextRun(new Date(after))?.getTime();
}

/** How many times lie after one and not after another, at most {@linkcode maxCounted}. */
export function countTimes(times: CronTimes, after: number, until: number): number {
  let count = 0;
  for (let at = nextTime(times, after); at !== undefined && at <= until;) {
    if (++count === maxCounted) break;
    at = nextTime(times, at);
  }
  return count;
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function refused(what: string, state: string): AirlockError {
  return new AirlockError("invalid_request", `Cannot schedule "${what}": ${state}`);
}
