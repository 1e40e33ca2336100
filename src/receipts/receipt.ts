/** What a receipt says: the claims of `API.md` section 3. @module */

import { z } from "zod";

/** How a call ended. `unknown`: it may or may not have happened. */
export type CallOutcome = "ok" | "failed" | "denied" | "unknown";

/** Claims of a receipt. Hashes are base64url SHA-256. */
export interface ReceiptClaims {
  /** Key id of the server that signed: thumbprint of its public key (RFC 7638). */
  iss: string;
  /** The run. */
  run: string;
  /** Place in the run's chain, from 1, without gaps. */
  seq: number;
  /** Which of the report's `calls` it is about. */
  call: number;
  /** The tool; where there is none of that name, the name that was asked for, shortened. */
  tool: string;
  /** Hash of `{name, description, inputSchema, outputSchema}` as listed; absent without a tool. */
  schema?: string;
  /** Hash of the arguments that were sent. */
  args: string;
  /** Hash of the value the code got, or of `{code, message}`. */
  answer: string;
  /** How the call ended. */
  outcome: CallOutcome;
  /** When it was signed, seconds since 1970. */
  iat: number;
  /** How long the call took, milliseconds. */
  ms: number;
  /** Id of the grant; absent where there was none. */
  grant?: string;
  /** Name of the principal. */
  sub: string;
  /** Hash of the compact form of the receipt before it; absent in the first. */
  prev?: string;
}

/** Longest `tool` of a receipt, in characters. */
export const maxReceiptTool = 600;

const hash = z.string().regex(/^[\w-]{43}$/);

const claimsSchema: z.ZodType<ReceiptClaims> = z.object({
  iss: hash,
  run: z.string().min(1).max(128),
  seq: z.int().positive(),
  call: z.int().positive(),
  tool: z.string().max(maxReceiptTool),
  schema: hash.optional(),
  args: hash,
  answer: hash,
  outcome: z.enum(["ok", "failed", "denied", "unknown"]),
  iat: z.int().nonnegative(),
  ms: z.number().nonnegative(),
  grant: z.string().min(1).max(128).optional(),
  sub: z.string().min(1).max(128),
  prev: hash.optional(),
});

/** Reads the payload of a receipt; `undefined` where it is not one. */
export function parseReceiptClaims(payload: Uint8Array): ReceiptClaims | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(payload);
    return claimsSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
