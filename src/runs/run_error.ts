/** Why a run did not succeed, from what ended it. @module */

import type { RunErrorCode } from "../errors/airlock_error.ts";
import type { GuestFault, Namespace } from "../protocol/messages.ts";
import { errorHint } from "./error_hint.ts";
import type { RunError, RunStatus } from "./report.ts";

/** Codes that a guest may give as the reason of its failure; it has no say in the others. */
const guestCodes: ReadonlySet<string> = new Set<RunErrorCode>([
  "syntax_error",
  "thrown",
  "tool_failed",
  "tool_denied",
  "tool_unknown",
  "invalid_arguments",
  "outcome_unknown",
  "call_limit",
  "output_limit",
]);

function isGuestCode(code: string): code is RunErrorCode {
  return guestCodes.has(code);
}

/** Why the code failed, as the guest says it itself; the hint is ours. */
export function toRunError(fault: GuestFault, namespaces: Namespace[]): RunError {
  const { code, name, message, line, column, tool } = fault;
  const hint = fault.hint ?? errorHint(fault, namespaces);
  return { code: isGuestCode(code) ? code : "thrown", name, message, line, column, tool, hint };
}

/** The status that goes with the code of a run that was ended from outside. */
export function statusOf(code: RunErrorCode): RunStatus {
  return code === "timed_out" || code === "out_of_memory" || code === "cancelled" ? code : "failed";
}
