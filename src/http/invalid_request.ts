/** Says what is wrong with a request, by path, with the name that was likely meant. @module */

import type { z } from "zod";
import { toIssues } from "../config/schema_issues.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Issue } from "../errors/airlock_error.ts";

/**
 * An `invalid_request` whose message is that of the first finding.
 *
 * @param action What could not be done: `Cannot start a run`.
 */
export function invalidRequest(
  action: string,
  issues: readonly Issue[],
  options: ErrorOptions = {},
): AirlockError {
  const [first] = issues;
  if (first === undefined) throw new RangeError("An invalid request has at least one finding");
  const where = first.path === "" ? "" : `"${first.path}" `;
  const others = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  return new AirlockError("invalid_request", `${action}: ${where}${first.message}${others}`, {
    ...options,
    issues,
  });
}

/**
 * Holds a value from outside against a schema.
 *
 * @throws {AirlockError} `invalid_request` with each finding.
 */
export function parseInput<S extends z.ZodObject>(
  value: unknown,
  schema: S,
  action: string,
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidRequest(action, toIssues(parsed.error, schema));
}
