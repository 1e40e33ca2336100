/** Answers of tools as the sandbox takes them. @module */

import type { ToolAnswer } from "../bridge/dispatch.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { SandboxAnswer } from "../sandbox/host_process.ts";

/** An answer on its way to the guest. */
export function toSandboxAnswer(answer: ToolAnswer["answer"]): SandboxAnswer {
  return "fault" in answer
    ? { type: "tool_error", fault: answer.fault }
    : { type: "tool_result", json: answer.json };
}

/** What code is told of an error that is not the tool's own. */
export function toolError(error: unknown, tool: string): SandboxAnswer {
  const known = error instanceof AirlockError;
  const message = known ? error.message : `Cannot call "${tool}": internal error`;
  const fault = { code: known ? error.code : "tool_failed", message, tool };
  return { type: "tool_error", fault: known ? { ...fault, hint: error.hint } : fault };
}
