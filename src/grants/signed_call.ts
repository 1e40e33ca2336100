/**
 * A tool call on its way out, in the order it must take: asked, granted,
 * signed. What has not been granted cannot be signed, and what has not been
 * signed no server of tools accepts. @module
 */

import type { Tool } from "../catalog/tool.ts";
import { hashJson } from "../hashing/hash_json.ts";
import type { Json } from "../protocol/json.ts";
import type { Principal } from "./principal.ts";

/** Arguments of a tool: always an object. */
export type ToolArguments = { readonly [name: string]: Json };

/** A call as guest code asked for it; nothing in it is trusted. */
export interface ToolCall {
  /** Place among the run's calls, from 1; given by the server. */
  readonly seq: number;
  /** The name that was asked for: in any form that names a tool. */
  readonly tool: string;
  /** The arguments, parsed and bounded in size and depth. */
  readonly args: ToolArguments;
}

/** Only this module holds it, so only this module makes grants and signed calls. */
const authority = Symbol("authority");

/** What a {@linkcode Grant} says. */
export interface GrantClaims {
  /** Identifies the grant in receipts. */
  readonly id: string;
  /** The run that holds it. */
  readonly run: string;
  /** On whose behalf. */
  readonly principal: Principal;
  /** The one tool it covers, as the catalog had it when the run began. */
  readonly tool: Tool;
  /** The call is answered without being made. */
  readonly simulated: boolean;
}

/** A capability: this run may call this tool. Only `authorize()` obtains one. */
export class Grant {
  /** For {@linkcode makeGrant} alone: nobody else has the key. */
  constructor(key: typeof authority, readonly claims: GrantClaims) {
    if (key !== authority) throw new TypeError("Cannot make a grant: only authorize() does");
  }
}

/** A granted call with its intent fixed: what the receipt will attest. */
export class SignedCall {
  /** Hash of the arguments: `args` of the receipt. */
  readonly argsHash: string;

  /** For {@linkcode signCall} alone: nobody else has the key. */
  constructor(
    key: typeof authority,
    readonly seq: number,
    readonly args: ToolArguments,
    readonly grant: GrantClaims,
    argsHash: string = hashJson(args),
  ) {
    if (key !== authority) throw new TypeError("Cannot make a signed call: only signCall() does");
    this.argsHash = argsHash;
    Object.freeze(this);
  }
}

/**
 * Makes a grant. For `authorize()` alone, which `tests/architecture_test.ts`
 * holds it to.
 */
export function makeGrant(claims: GrantClaims): Grant {
  return new Grant(authority, claims);
}

/** Fixes the intent of a granted call: run, call, tool, argument hash, grant. */
export function signCall(call: ToolCall, grant: Grant): SignedCall {
  return new SignedCall(authority, call.seq, call.args, grant.claims);
}

/**
 * The same call as it leaves: with what stands behind tokens. What is on record stays as it was
 * asked for.
 */
export function revealArguments(call: SignedCall, args: ToolArguments): SignedCall {
  return args === call.args
    ? call
    : new SignedCall(authority, call.seq, args, call.grant, call.argsHash);
}

/** How {@linkcode InvokeTool} is called. */
export interface InvokeOptions {
  /** Ends the call, upstream too. */
  signal: AbortSignal;
  /**
   * Stops the deadline of the run while a person thinks; gives what lets it run on.
   * @default {it runs on}
   */
  hold?: () => () => void;
  /** Told when the tool reports progress. */
  onProgress?: (done: number, total?: number, text?: string) => void;
}

/**
 * Calls a tool wherever it lives and gives the plain value that code sees.
 *
 * @throws {AirlockError} `tool_failed` with the tool's own words, or
 * `outcome_unknown` where the call may or may not have happened.
 */
export type InvokeTool = (call: SignedCall, options: InvokeOptions) => Promise<Json>;
