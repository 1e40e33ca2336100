/** What an attack is: guest code, what it is after, and how its run must end. @module */

import type { RunErrorCode } from "../../src/errors/airlock_error.ts";
import type { RunStatus } from "../../src/runs/report.ts";

/** A piece of hostile code. It logs a line that begins with `ESCAPED` or `HARM` where it wins. */
export interface Attack {
  /** What it tries, in the words of the threat model. */
  name: string;
  code: string;
  status: RunStatus;
  /** The code of the error; absent where the run succeeds. */
  error?: RunErrorCode;
  /** Its limit of time. @default {the configured one} */
  timeoutMs?: number;
  /** Tool calls that must be on record when it is over. @default {0} */
  receipts?: number;
}

/** Code that evaluates each expression and says which of them gave anything. */
export function tries(...expressions: string[]): string {
  return `const attempts = [\n${expressions.map((text) => `async () => (${text})`).join(",\n")}\n];
for (const attempt of attempts) {
  try {
    const won = await attempt();
    if (won !== undefined) console.log("ESCAPED", String(attempt).slice(0, 200));
  } catch (error) {
    console.log("blocked", String(error).slice(0, 200));
  }
}`;
}

/** An attack of which every try must fail, and whose run succeeds for all that. */
export function blocked(name: string, ...expressions: string[]): Attack {
  return { name, code: tries(...expressions), status: "succeeded" };
}

/** An attack that its limit of time ends. */
export function timesOut(name: string, code: string): Attack {
  return { name, code, status: "timed_out", error: "timed_out", timeoutMs: 1_500 };
}

/** An attack that its limit of memory ends. */
export function runsOut(name: string, code: string): Attack {
  return { name, code, status: "out_of_memory", error: "out_of_memory" };
}

/** An attack whose run ends by its own error. */
export function fails(name: string, error: RunErrorCode, code: string): Attack {
  return { name, code, status: "failed", error };
}

/** An attack whose run ends well, and did nothing. */
export function survives(name: string, code: string): Attack {
  return { name, code, status: "succeeded" };
}
