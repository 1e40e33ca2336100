/** Signs the receipts of one run and links each to the one before. @module */

import { decodeJwt } from "jose";
import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import { hashText } from "../hashing/hash_json.ts";
import { maxReceiptTool, type ReceiptClaims } from "./receipt.ts";
import {
  commitReceipts,
  lastReceipt,
  maxReceiptsPerCommit,
  type ReceiptChainId,
} from "./receipt_store.ts";
import type { SigningKey } from "./signing_key.ts";

/** What is known about a call at its end; the chain adds the rest. */
export type ReceiptEntry = Omit<ReceiptClaims, "iss" | "run" | "seq" | "sub" | "prev">;

/** Adds to the commit of a receipt: what must be on record with it or not at all. */
export type ReceiptAlso = (commit: Deno.AtomicOperation) => Deno.AtomicOperation;

/** What a {@linkcode ReceiptChain} needs. */
export interface ReceiptChainDeps {
  /** Where receipts lie. */
  readonly kv: Deno.Kv;
  /** What signs them. */
  readonly key: SigningKey;
}

/** The last receipt that was committed. */
interface Tail {
  readonly seq: number;
  readonly prev?: string;
}

/** A receipt that waits for its turn. */
interface Waiting {
  readonly entry: ReceiptEntry;
  readonly also?: ReceiptAlso;
  readonly resolve: (receipt: string) => void;
  readonly reject: (error: unknown) => void;
}

const placeSchema = z.object({ seq: z.int().positive() });

/**
 * The chain of one run. Receipts get their places in the order in which they
 * were appended; those that arrive while a commit is under way go into the next
 * one together. Goes on where KV says the chain ends, so a run that was
 * interrupted needs nothing special.
 */
export class ReceiptChain {
  readonly #deps: ReceiptChainDeps;
  readonly #id: ReceiptChainId;
  readonly #waiting: Waiting[] = [];
  /** Unknown at first, and after a commit of which nobody knows what became. */
  #tail: Tail | undefined;
  #isWriting = false;

  /** The chain of one run; begins or goes on at its first receipt. */
  constructor(deps: ReceiptChainDeps, id: ReceiptChainId) {
    this.#deps = deps;
    this.#id = id;
  }

  /**
   * Signs a receipt and commits it. What it attests must not be handed on before.
   *
   * @param also Goes into the same commit, in the order of the receipts.
   * @returns The compact JWS, once it is in KV.
   * @throws {AirlockError} `internal` where it could not be written; nothing may go on then.
   */
  append(entry: ReceiptEntry, also?: ReceiptAlso): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#waiting.push({ entry, also, resolve, reject });
    if (!this.#isWriting) void this.#write();
    return promise;
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, maxReceiptsPerCommit);
      try {
        const receipts = await this.#commit(group);
        for (const [index, { resolve }] of group.entries()) resolve(receipts[index]);
      } catch (cause) {
        this.#tail = undefined;
        for (const { entry, reject } of group) reject(notRecorded(entry, cause));
      }
    }
    this.#isWriting = false;
  }

  async #commit(group: readonly Waiting[]): Promise<string[]> {
    const { kv } = this.#deps;
    const before = this.#tail ?? tailOf(await lastReceipt(kv, this.#id));
    const receipts: string[] = [];
    let tail = before;
    for (const { entry } of group) {
      const receipt = this.#sign(entry, tail);
      receipts.push(receipt);
      tail = { seq: tail.seq + 1, prev: hashText(receipt) };
    }
    const also: ReceiptAlso = (commit) =>
      group.reduce((whole, one) => one.also?.(whole) ?? whole, commit);
    if (!await commitReceipts(kv, this.#id, { seq: before.seq + 1, receipts, also })) {
      throw new TypeError("Cannot take a place in the chain: it is taken");
    }
    this.#tail = tail;
    return receipts;
  }

  #sign(entry: ReceiptEntry, { seq, prev }: Tail): string {
    const { key } = this.#deps;
    const { principal, run } = this.#id;
    return key.sign(
      {
        iss: key.kid,
        run,
        seq: seq + 1,
        call: entry.call,
        tool: entry.tool.slice(0, maxReceiptTool),
        schema: entry.schema,
        args: entry.args,
        answer: entry.answer,
        outcome: entry.outcome,
        iat: entry.iat,
        ms: entry.ms,
        grant: entry.grant,
        sub: principal,
        prev,
      } satisfies ReceiptClaims,
    );
  }
}

function tailOf(receipt: string | undefined): Tail {
  if (receipt === undefined) return { seq: 0 };
  return { seq: placeSchema.parse(decodeJwt(receipt)).seq, prev: hashText(receipt) };
}

function notRecorded({ call }: ReceiptEntry, cause: unknown): AirlockError {
  const message = `Cannot record call ${call}: its receipt could not be written`;
  return new AirlockError("internal", message, { cause });
}
