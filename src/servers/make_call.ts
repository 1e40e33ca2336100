/** Makes a call on any server of tools: the second try that is safe, and an honest error. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import { type InvokeOptions, SignedCall } from "../grants/signed_call.ts";
import type { Json } from "../protocol/json.ts";
import { UpstreamError } from "./upstream_error.ts";

/** Longest error text of a tool that is handed on, in characters. */
const maxErrorChars = 8192;

/** What {@linkcode makeCall} needs of a server. */
export interface CallDeps {
  /** Makes the call once. */
  attempt(): Promise<Json>;
  /** Sorts what `attempt()` threw. */
  sort(error: unknown): UpstreamError;
  /** Text for people and models: bounded, clean, and without credentials. */
  toWords(text: string, maxChars: number): string;
}

/**
 * The server that a call is for.
 *
 * @throws {TypeError} Where the call was not signed, or is not to be made.
 * @throws {AirlockError} `tool_failed`, where there is no such server.
 */
export function serverOf<T>(call: SignedCall, servers: ReadonlyMap<string, T>): T {
  // The type alone does not keep a look-alike out.
  if (!(call instanceof SignedCall)) throw new TypeError("Cannot invoke a call: not signed");
  const { tool, simulated } = call.grant;
  if (simulated) throw new TypeError(`Cannot invoke "${tool.name}": its grant simulates`);
  const server = servers.get(tool.server);
  if (server !== undefined) return server;
  const message = `Cannot call "${tool.name}": server "${tool.server}" is not configured`;
  throw new AirlockError("tool_failed", message);
}

/**
 * Makes a call and gives its plain value. Where the call certainly was not
 * made, or says of itself that it may be repeated, it is tried once more.
 *
 * @throws {AirlockError} `tool_failed`; `outcome_unknown` where the call may
 * have happened; `cancelled` where the signal fired and nothing happened;
 * whatever else `attempt()` threw as one.
 */
export async function makeCall(
  call: SignedCall,
  options: InvokeOptions,
  deps: CallDeps,
): Promise<Json> {
  try {
    return await tryOnce(deps, options);
  } catch (error) {
    if (error instanceof AirlockError) throw error;
    const failure = deps.sort(error);
    const mayRepeat = failure.kind === "unsent" || (failure.kind === "lost" && isRepeatable(call));
    if (options.signal.aborted || !mayRepeat) throw toCallError(call, failure, options, deps);
  }
  try {
    return await tryOnce(deps, options);
  } catch (error) {
    if (error instanceof AirlockError) throw error;
    throw toCallError(call, deps.sort(error), options, deps);
  }
}

async function tryOnce({ attempt }: CallDeps, { signal }: InvokeOptions): Promise<Json> {
  if (signal.aborted) throw new UpstreamError("unsent", "it was cancelled");
  return await attempt();
}

function toCallError(
  call: SignedCall,
  failure: UpstreamError,
  { signal }: InvokeOptions,
  { toWords }: CallDeps,
): AirlockError {
  const { name } = call.grant.tool;
  const words = toWords(failure.message, maxErrorChars);
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
