/** The body of `POST /v1/runs`. @module */

import { z } from "zod";
import type { Limits } from "../config/config.ts";
import type { Json } from "../protocol/json.ts";
import type { RunRequest } from "../runs/run_service.ts";

/** Any JSON. The body was JSON text, so that nothing is left to check. */
const json = z.custom<Json>();

/** The schema of the body, with the configured limits as the largest that may be asked for. */
export function runBodySchema(limits: Limits) {
  return z.strictObject({
    code: z.string().describe("TypeScript; at most limits.codeBytes"),
    tools: z.array(z.string().min(1).max(256)).max(256).optional()
      .describe("What the run may call, as globs; default: all the caller may call"),
    input: json.optional().describe("The global input in the code: any JSON"),
    check: z.boolean().optional().describe("Type-check first; default: true"),
    wait: z.boolean().default(true).describe("false: answer at once with the report so far"),
    durable: z.boolean().optional().describe("Survives a crash or restart; default: false"),
    ...limitShape(limits),
  });
}

/** A body that was parsed. */
export type RunBody = z.output<ReturnType<typeof runBodySchema>>;

/** The part of a body that the run service gets. */
export function toRunRequest(body: RunBody): RunRequest {
  const { code, tools, input, check, wait: _wait, durable, ...limits } = body;
  return { code, tools, input, check, durable, limits };
}

/** Most bytes a body may have: code with each byte escaped, and 8 MiB for the rest. */
export function maxRunBodyBytes(limits: Limits): number {
  return 6 * limits.codeBytes + 8 * 1024 * 1024;
}

function limitShape(limits: Limits) {
  return {
    timeoutMs: limitUpTo(limits.timeoutMs),
    cpuMs: limitUpTo(limits.cpuMs),
    memoryMb: limitUpTo(limits.memoryMb),
    calls: limitUpTo(limits.calls),
    callsInFlight: limitUpTo(limits.callsInFlight),
    argumentBytes: limitUpTo(limits.argumentBytes),
    answerBytes: limitUpTo(limits.answerBytes),
    logBytes: limitUpTo(limits.logBytes),
    resultBytes: limitUpTo(limits.resultBytes),
    codeBytes: limitUpTo(limits.codeBytes),
  } satisfies Record<keyof Limits, z.ZodType>;
}

function limitUpTo(max: number) {
  return z.int().min(1).max(max).optional();
}
