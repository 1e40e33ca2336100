/** Sorts what went wrong between Airlock and an MCP server. @module */

import {
  InsufficientScopeError,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  SseError,
  UnauthorizedError,
} from "@modelcontextprotocol/client";
import { toNetworkError, UpstreamError } from "../servers/upstream_error.ts";

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
  if (error instanceof UnauthorizedError) return needsAuth(error);
  if (error instanceof InsufficientScopeError) return forbidden(error);
  if (!(error instanceof Error)) return new UpstreamError("lost", "unknown failure");
  const inner = error.cause;
  if (inner instanceof UpstreamError) return inner;
  return fromOther(error);
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

function fromOther(cause: Error): UpstreamError {
  if (cause.message.toLowerCase() === "not connected") {
    return new UpstreamError("unsent", "not connected", { cause });
  }
  if (cause.name === "SyntaxError" || cause.name === "ZodError") {
    return new UpstreamError("refused", "its answer is not a JSON-RPC message", { cause });
  }
  return toNetworkError(cause);
}

function needsAuth(cause: Error): UpstreamError {
  return new UpstreamError("needs_auth", "it wants a login", { cause, status: 401 });
}

function forbidden(cause: InsufficientScopeError): UpstreamError {
  const message = "its credentials do not give the rights that it asks for";
  return new UpstreamError("refused", message, { cause, status: 403 });
}
