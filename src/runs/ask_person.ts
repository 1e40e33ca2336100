/** Asks a person whether a run may make a call. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import type { Approvals } from "./approvals.ts";
import type { ExecuteRunDeps } from "./accepted_run.ts";

/** A run's call waits as an approval until somebody decides. */
export function askPerson(approvals: Approvals): ExecuteRunDeps["ask"] {
  return async (record, call, reason, signal, key) => {
    let goesOn = () => {};
    const { decision, note } = await approvals.ask(
      {
        run: record.id,
        principal: record.principal,
        tool: call.tool,
        arguments: call.args,
        reason,
        key,
      },
      signal,
      (approval) => goesOn = record.waits(approval),
    ).finally(() => goesOn());
    if (decision === "approve") return;
    const state = note === undefined ? "a person said no" : `a person said no: ${note}`;
    throw new AirlockError("tool_denied", `Cannot call "${call.tool}": ${state}`);
  };
}
