/** What went wrong between Airlock and a server of tools, in words of our own. @module */

/**
 * How a failure is to be taken.
 *
 * - `missing`: it cannot be started or addressed at all; trying again is useless
 * - `needs_auth`: it wants a login
 * - `unsent`: what was asked certainly did not reach the server
 * - `lost`: the connection broke; what was asked may have been done
 * - `timed_out`: no answer in time; what was asked may have been done
 * - `refused`: it was not taken, or the answer cannot be used
 * - `failed`: the tool or its server answered with an error; the message is in its own words
 */
export type UpstreamFailure =
  | "missing"
  | "needs_auth"
  | "unsent"
  | "lost"
  | "timed_out"
  | "refused"
  | "failed";

/** A failure of an upstream. Its message is a clause: `connection refused`. */
export class UpstreamError extends Error {
  /** Tells it from other errors. */
  override readonly name = "UpstreamError";

  /** The message goes to people and models, once it was cleaned. */
  constructor(
    /** How it is to be taken. */
    readonly kind: UpstreamFailure,
    message: string,
    options: ErrorOptions & {
      /** Status of the HTTP response that said so. */
      readonly status?: number;
    } = {},
  ) {
    super(message, options);
    this.status = options.status;
  }

  /** Status of the HTTP response that said so. */
  readonly status?: number;
}

/**
 * Sorts what `fetch` threw. It tells what failed only in words; they hold the
 * URL, so they are not handed on.
 */
export function toNetworkError(cause: Error): UpstreamError {
  const inner = cause.cause instanceof Error ? cause.cause.message : "";
  const text = `${cause.message} ${inner}`.trim().toLowerCase();
  if (text.includes("connection refused")) {
    return new UpstreamError("unsent", "connection refused", { cause });
  }
  if (text.includes("dns error")) return new UpstreamError("unsent", "host not found", { cause });
  if (text.includes("(connect)")) return new UpstreamError("unsent", "no connection", { cause });
  return new UpstreamError("lost", "the connection broke", { cause });
}
