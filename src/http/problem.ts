/** The only place that turns an error into an HTTP answer: RFC 9457 problem documents. @module */

import type { Context } from "hono";
import { STATUS_CODES } from "node:http";
import { AirlockError } from "../errors/airlock_error.ts";
import type { ErrorCode, Issue } from "../errors/airlock_error.ts";
import { logger } from "../log/log.ts";

/** A code of a problem document; only HTTP itself knows of methods. */
export type ProblemCode = ErrorCode | "method_not_allowed";

/** Body of an answer that says what went wrong. */
export interface Problem {
  /** Always `about:blank`: `code` tells problems apart. */
  type: "about:blank";
  /** The status in words. */
  title: string;
  status: number;
  /** What could not be done and why, in a sentence. */
  detail: string;
  code: ProblemCode;
  /** The single findings, at most 50. */
  errors?: Issue[];
  /** What could be done instead. */
  hint?: string;
}

/** The HTTP status of each code. */
export const statusOf: Readonly<Record<ProblemCode, number>> = {
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  host_refused: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  precondition_failed: 412,
  too_large: 413,
  key_reused: 422,
  queue_full: 429,
  internal: 500,
  shutting_down: 503,
  // What went wrong in a run stands in its report; these come only from routes without one.
  syntax_error: 422,
  type_error: 422,
  thrown: 422,
  timed_out: 504,
  out_of_memory: 507,
  cpu_limit: 422,
  cancelled: 409,
  tool_failed: 502,
  tool_denied: 403,
  tool_unknown: 404,
  invalid_arguments: 400,
  outcome_unknown: 502,
  call_limit: 422,
  output_limit: 422,
  sandbox_crashed: 500,
  replay_diverged: 409,
  invalid_config: 500,
  usage: 500,
  unavailable: 503,
} satisfies Record<ProblemCode, number>;

/** Answers with an error. What is not an {@linkcode AirlockError} is logged and not described. */
export function problem(error: unknown, c: Context): Response {
  if (error instanceof AirlockError && statusOf[error.code] !== 500) return describe(error);
  logger("http").error("request failed", { path: c.req.path, error });
  return internalProblem();
}

/** The answer to what nobody expected: it tells nothing. */
export function internalProblem(): Response {
  return problemResponse("internal", "Cannot answer the request: an unexpected error, see the log");
}

/** Options of {@linkcode problemResponse}. */
export interface ProblemOptions {
  /** The single findings. @default {none} */
  errors?: Issue[];
  /** What could be done instead. @default {none} */
  hint?: string;
  /** Further headers. @default {none} */
  headers?: Record<string, string>;
}

/** Makes a problem document. */
export function problemResponse(
  code: ProblemCode,
  detail: string,
  options: ProblemOptions = {},
): Response {
  const { errors, hint, headers } = options;
  const status = statusOf[code];
  const body: Problem = {
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    detail,
    // Outside there is one word for it, with two statuses.
    code: code === "precondition_failed" ? "conflict" : code,
    ...(errors !== undefined && { errors }),
    ...(hint !== undefined && { hint }),
  };
  const type = { "content-type": "application/problem+json" };
  return new Response(JSON.stringify(body), { status, headers: { ...type, ...headers } });
}

const maxErrors = 50;

function describe(error: AirlockError): Response {
  const { code, message, hint, issues, retryAfterSeconds } = error;
  const retryAfter = retryAfterSeconds ?? (code === "queue_full" ? 1 : undefined);
  const findings = issues.slice(0, maxErrors);
  return problemResponse(code, message, {
    errors: findings.length > 0 || code === "invalid_request" ? findings : undefined,
    hint,
    headers: {
      ...(retryAfter !== undefined && { "retry-after": String(Math.ceil(retryAfter)) }),
      ...(code === "unauthorized" && { "www-authenticate": 'Bearer realm="airlock"' }),
    },
  });
}
