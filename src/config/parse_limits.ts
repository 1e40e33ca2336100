/** Limits that a request asks for. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import type { Issue } from "../errors/airlock_error.ts";
import type { Limits } from "./config.ts";

/** Names of all limits, in the order of the configuration. */
export const limitNames = [
  "timeoutMs",
  "cpuMs",
  "memoryMb",
  "calls",
  "callsInFlight",
  "argumentBytes",
  "answerBytes",
  "logBytes",
  "resultBytes",
  "codeBytes",
] as const satisfies readonly (keyof Limits)[];

/**
 * Parses the limits of a request: each a whole number from 1 to the configured
 * one. Those that are `undefined` are left out.
 *
 * @throws {AirlockError} `invalid_request` with the name of each wrong one as path.
 */
export function parseLimits(
  requested: Readonly<Partial<Record<keyof Limits, unknown>>>,
  configured: Readonly<Limits>,
): Partial<Limits> {
  const limits: Partial<Limits> = {};
  const issues: Issue[] = [];
  for (const name of limitNames) {
    const value = requested[name];
    if (value === undefined) continue;
    if (isCount(value) && value <= configured[name]) limits[name] = value;
    else {issues.push({
        path: name,
        message: `must be a whole number from 1 to ${configured[name]}`,
      });}
  }
  if (issues.length === 0) return limits;
  const message = `Cannot use the limits: ${issues[0].path} ${issues[0].message}`;
  throw new AirlockError("invalid_request", message, { issues });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
