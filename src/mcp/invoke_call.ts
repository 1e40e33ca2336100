/** Makes one call on a server, with the second try that is safe, and an honest error. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import type { InvokeOptions, SignedCall } from "../grants/signed_call.ts";
import type { Json } from "../protocol/json.ts";
import { callTool } from "./call_tool.ts";
import { orAborted } from "./delay.ts";
import type { Connection } from "./open_connection.ts";
import { unwrapAnswer } from "./unwrap_answer.ts";
import type { Upstream } from "./upstream.ts";
import { toUpstreamError, UpstreamError } from "./upstream_error.ts";

/** Longest error text of a tool that is handed on, in characters. */
const maxErrorChars = 8192;

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
  try {
    return await tryCall(upstream, call, options);
  } catch (error) {
    const failure = toUpstreamError(error);
    const mayRepeat = failure.kind === "unsent" || (failure.kind === "lost" && isRepeatable(call));
    if (options.signal.aborted || !mayRepeat) throw toCallError(upstream, call, failure, options);
  }
  try {
    return await tryCall(upstream, call, options);
  } catch (error) {
    throw toCallError(upstream, call, toUpstreamError(error), options);
  }
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
async function noteLoss(
  upstream: Upstream,
  connection: Connection,
  failure: UpstreamError,
  signal: AbortSignal,
): Promise<UpstreamError> {
  const { kind } = failure;
  if (connection.transport === "http") {
    // One broken stream says nothing about the other calls, a lost session does.
    if (kind === "unsent" || kind === "needs_auth") upstream.lose(connection, failure);
    return failure;
  }
  if (kind !== "lost" && kind !== "unsent") return failure;
  const how = await orAborted(connection.ended, signal).catch(() => failure.message);
  return new UpstreamError(kind, how, { cause: failure });
}

function toCallError(
  upstream: Upstream,
  call: SignedCall,
  failure: UpstreamError,
  { signal }: InvokeOptions,
): AirlockError {
  const { name } = call.grant.tool;
  const words = upstream.toWords(failure.message, maxErrorChars);
  const options = { cause: failure };
  if (failure.kind === "failed") return new AirlockError("tool_failed", words, options);

  const state = signal.aborted ? "it was cancelled" : words;
  const mayHaveHappened = failure.kind === "lost" || failure.kind === "timed_out";
  if (mayHaveHappened && !isRepeatable(call)) {
    const message = `Cannot tell whether "${name}" was done: ${state}`;
    return new AirlockError("outcome_unknown", message, options);
  }
  const code = signal.aborted ? "cancelled" : "tool_failed";
  return new AirlockError(code, `Cannot call "${name}": ${state}`, options);
}

/** Whether the tool claims that calling it twice does no harm. */
function isRepeatable(call: SignedCall): boolean {
  const { readOnlyHint, idempotentHint } = call.grant.tool.annotations ?? {};
  return readOnlyHint === true || idempotentHint === true;
}
