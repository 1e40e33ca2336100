/** The one error class that callers are expected to handle. @module */

/** Why a run ended other than well: `error.code` of a report. */
export type RunErrorCode =
  | "syntax_error"
  | "type_error"
  | "thrown"
  | "timed_out"
  | "out_of_memory"
  | "cpu_limit"
  | "cancelled"
  | "tool_failed"
  | "tool_denied"
  | "tool_unknown"
  | "invalid_arguments"
  | "outcome_unknown"
  | "call_limit"
  | "output_limit"
  | "sandbox_crashed"
  | "replay_diverged";

/** Why a request was refused: `code` of a problem document. */
export type RequestErrorCode =
  | "invalid_request"
  | "unauthorized"
  | "forbidden"
  | "host_refused"
  | "not_found"
  | "conflict"
  | "precondition_failed"
  | "too_large"
  | "key_reused"
  | "queue_full"
  | "shutting_down"
  | "internal";

/** Why the program could not start or a command could not be carried out. */
export type StartErrorCode = "invalid_config" | "usage" | "unavailable";

/** Every code an {@linkcode AirlockError} may carry. */
export type ErrorCode = RunErrorCode | RequestErrorCode | StartErrorCode;

/** One thing that is wrong with a body or a configuration. */
export interface Issue {
  /** Where: `limits.calls`, `tools[0]`; empty for the whole. */
  path: string;
  /** What is wrong there. */
  message: string;
}

/** Options of an {@linkcode AirlockError}. */
export interface AirlockErrorOptions extends ErrorOptions {
  /** The single findings behind `invalid_request` and `invalid_config`. */
  issues?: readonly Issue[];
  /** What could be done instead, in a sentence: shown beside the message. */
  hint?: string;
  /** After how many seconds another try makes sense (`queue_full`). */
  retryAfterSeconds?: number;
}

/** An error a caller is expected to handle. Switch on `code`; show `message`. */
export class AirlockError extends Error {
  /** Always `AirlockError`. */
  override readonly name = "AirlockError";
  /** The single findings, where there are several. */
  readonly issues: readonly Issue[];
  /** What could be done instead. */
  readonly hint?: string;
  /** After how many seconds another try makes sense. */
  readonly retryAfterSeconds?: number;

  /** The code to switch on, and the sentence to show. */
  constructor(
    readonly code: ErrorCode,
    message: string,
    options: AirlockErrorOptions = {},
  ) {
    super(message, options);
    this.issues = options.issues ?? [];
    this.hint = options.hint;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
