/** What the end of the sandbox means for its run. @module */

import type { Namespace } from "../protocol/messages.ts";
import { logLineBytes, type SandboxOutcome } from "../sandbox/run_in_host.ts";
import type { LogItem, RunEnding } from "./report.ts";
import { statusOf, toRunError } from "./run_error.ts";

/** The ending of a run whose code has run. */
export function endingOf(
  { end, logBytes }: SandboxOutcome,
  logs: readonly LogItem[],
  namespaces: Namespace[],
): RunEnding {
  const kept = logs.reduce((sum, { text }) => sum + logLineBytes(text), 0);
  const truncated = logBytes > kept ? { truncated: { logs: logBytes } } : {};
  switch (end.type) {
    case "done":
      return { status: "succeeded", result: end.result, ...truncated };
    case "failed":
      return { status: "failed", error: toRunError(end.fault, namespaces), ...truncated };
    case "stopped": {
      const { code, message } = end;
      return { status: statusOf(code), error: { code, message }, ...truncated };
    }
    default:
      return end satisfies never;
  }
}
