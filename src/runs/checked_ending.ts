/** What the check before the run means for its ending. @module */

import type { CheckResult } from "../typescript/check_code.ts";
import type { RunEnding } from "./report.ts";

/** The ending of a run whose code the check refuses; `undefined` where it may run. */
export function refusedEnding({ errors, warnings }: CheckResult): RunEnding | undefined {
  const [first] = errors;
  if (first === undefined) return undefined;
  return {
    status: "failed",
    error: { code: "type_error", ...first, diagnostics: errors },
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/**
 * The ending of a run with what the check had to say. Whether code is TypeScript is for
 * the host to judge, which runs it; what the check knows of it is the detail of that error.
 */
export function checkedEnding(ending: RunEnding, { warnings, syntax }: CheckResult): RunEnding {
  if (ending.error?.code === "syntax_error") {
    if (syntax.length === 0) return ending;
    return { ...ending, error: { ...ending.error, diagnostics: syntax } };
  }
  const all = syntax.length === 0 ? warnings : [...warnings, unread(syntax[0])];
  return all.length === 0 ? ending : { ...ending, warnings: all };
}

function unread({ line, column, message }: CheckResult["syntax"][number]) {
  return { line, column, message: `The code was not type-checked: ${message}` };
}
