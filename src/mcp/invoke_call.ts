/** Makes one call on an MCP server. @module */

import type { InvokeOptions, SignedCall } from "../grants/signed_call.ts";
import type { Json } from "../protocol/json.ts";
import { makeCall } from "../servers/make_call.ts";
import { UpstreamError } from "../servers/upstream_error.ts";
import { callTool } from "./call_tool.ts";
import { orAborted } from "./delay.ts";
import type { Connection } from "./open_connection.ts";
import { toUpstreamError } from "./to_upstream_error.ts";
import { unwrapAnswer } from "./unwrap_answer.ts";
import type { Upstream } from "./upstream.ts";

/**
 * Calls a tool of this server and gives its plain value. Where the call
 * certainly was not made, or says of itself that it may be repeated, it is
 * tried once more.
 *
 * @throws {AirlockError} `tool_failed`; `outcome_unknown` where the call may
 * have happened; `cancelled` where the signal fired and nothing happened.
 */
export async function invokeCall(
  upstream: Upstream,
  call: SignedCall,
  options: InvokeOptions,
): Promise<Json> {
  return await makeCall(call, options, {
    attempt: () => tryCall(upstream, call, options),
    sort: toUpstreamError,
    toWords: (text, maxChars) => upstream.toWords(text, maxChars),
  });
}

async function tryCall(
  upstream: Upstream,
  call: SignedCall,
  options: InvokeOptions,
): Promise<Json> {
  const connection = await upstream.connected(options.signal);
  if (options.signal.aborted) throw new UpstreamError("unsent", "it was cancelled");
  try {
    const timeoutMs = upstream.config.callTimeoutMs;
    const result = await callTool(connection, call, { ...options, timeoutMs });
    return upstream.secrets.hideIn(unwrapAnswer(result));
  } catch (error) {
    throw await noteLoss(upstream, connection, toUpstreamError(error), options.signal);
  }
}

/** Sees to it that a connection that is of no use is not used again; gives the better reason. */
export async function noteLoss(
  upstream: Upstream,
  connection: Connection,
  failure: UpstreamError,
  signal: AbortSignal,
): Promise<UpstreamError> {
  const { kind, status } = failure;
  if (connection.transport === "http") {
    // One broken stream says nothing about the other calls, and neither does one that wants
    // more rights than they (403); a lost session or login does.
    const isOver = kind === "unsent" || (kind === "needs_auth" && status !== 403);
    if (isOver) upstream.lose(connection, failure);
    return failure;
  }
  if (kind !== "lost" && kind !== "unsent") return failure;
  const how = await orAborted(connection.ended, signal).catch(() => failure.message);
  return new UpstreamError(kind, how, { cause: failure });
}
