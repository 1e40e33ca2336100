/** What went wrong between Airlock and an MCP server, in words of our own. @module */

import {
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  SseError,
} from "@modelcontextprotocol/client";

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

/** JSON-RPC codes of errors that our own transports put in the place of an answer. */
export const answerCodes = {
  /** The connection broke before it came. */
  lost: -32091,
  /** It came, and is too large or broken. */
  unusable: -32092,
} as const;

/** Sorts whatever the SDK, `fetch` or a transport of ours threw. */
export function toUpstreamError(error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error;
  if (error instanceof SdkHttpError) return fromHttp(error, error.status);
  if (error instanceof SseError) return fromSse(error);
  if (error instanceof ProtocolError) return fromProtocol(error);
  if (error instanceof SdkError) return fromSdk(error);
  if (!(error instanceof Error)) return new UpstreamError("lost", "unknown failure");
  const inner = error.cause;
  if (inner instanceof UpstreamError) return inner;
  return fromNetwork(error);
}

function fromHttp(cause: SdkHttpError, status: number | undefined): UpstreamError {
  if (status === undefined) return new UpstreamError("lost", cause.message, { cause });
  if (status === 401) return needsAuth(cause);
  const options = { cause, status };
  // The session is gone: the server did not look at the request.
  if (status === 404) return new UpstreamError("unsent", "HTTP status 404", options);
  const body = typeof cause.data.text === "string" && cause.data.text !== ""
    ? `: ${cause.data.text}`
    : "";
  const kind = status >= 500 ? "lost" : "refused";
  return new UpstreamError(kind, `HTTP status ${status}${body}`, options);
}

function fromSse(cause: SseError): UpstreamError {
  const status = cause.code;
  if (status === 401) return needsAuth(cause);
  if (status === undefined) return new UpstreamError("lost", "no event stream", { cause });
  return new UpstreamError("refused", `HTTP status ${status}`, { cause, status });
}

function fromProtocol(cause: ProtocolError): UpstreamError {
  switch (cause.code) {
    case answerCodes.lost:
      return new UpstreamError("lost", cause.message, { cause });
    case answerCodes.unusable:
      return new UpstreamError("refused", cause.message, { cause });
    default:
      return new UpstreamError("failed", cause.message, { cause });
  }
}

function fromSdk(cause: SdkError): UpstreamError {
  switch (cause.code) {
    case SdkErrorCode.NotConnected:
      return new UpstreamError("unsent", "not connected", { cause });
    case SdkErrorCode.ConnectionClosed:
      return new UpstreamError("lost", "the connection closed", { cause });
    case SdkErrorCode.RequestTimeout:
      return new UpstreamError("timed_out", "no answer in time", { cause });
    case SdkErrorCode.UnsupportedResultType:
      return new UpstreamError("refused", "it asks for input, and nobody is there to give it", {
        cause,
      });
    default:
      return new UpstreamError("refused", cause.message, { cause });
  }
}

/** `fetch` tells what failed only in words; they hold the URL, so they are not handed on. */
function fromNetwork(cause: Error): UpstreamError {
  const inner = cause.cause instanceof Error ? cause.cause.message : "";
  const text = `${cause.message} ${inner}`.trim().toLowerCase();
  if (text.includes("connection refused")) {
    return new UpstreamError("unsent", "connection refused", { cause });
  }
  if (text.includes("dns error")) return new UpstreamError("unsent", "host not found", { cause });
  if (text.includes("(connect)")) return new UpstreamError("unsent", "no connection", { cause });
  if (text === "not connected") return new UpstreamError("unsent", "not connected", { cause });
  if (cause.name === "SyntaxError" || cause.name === "ZodError") {
    return new UpstreamError("refused", "its answer is not a JSON-RPC message", { cause });
  }
  return new UpstreamError("lost", "the connection broke", { cause });
}

function needsAuth(cause: Error): UpstreamError {
  return new UpstreamError("needs_auth", "it wants a login, which is not available for it yet", {
    cause,
    status: 401,
  });
}
