/** Where receipts lie in KV: one entry each, in the order of their chain. @module */

import { z } from "zod";

const keys = {
  receipt: (principal: string, run: string, seq: number) => ["receipt", principal, run, seq],
  run: (principal: string, run: string) => ["receipt", principal, run],
};

const stored = z.string();

/** Most receipts that one commit takes. */
export const maxReceiptsPerCommit = 64;

/** Whose receipts: those of one run of one principal. */
export interface ReceiptChainId {
  /** Name of the principal. */
  readonly principal: string;
  /** Id of the run. */
  readonly run: string;
}

/** All receipts of a run in order, as compact JWS; none where the run is not the principal's. */
export async function listReceipts(kv: Deno.Kv, { principal, run }: ReceiptChainId): Promise<
  string[]
> {
  const entries = kv.list({ prefix: keys.run(principal, run) }, { batchSize: 500 });
  return await Array.fromAsync(entries, (entry) => stored.parse(entry.value));
}

/** The last receipt of a run; `undefined` where there is none. */
export async function lastReceipt(
  kv: Deno.Kv,
  { principal, run }: ReceiptChainId,
): Promise<string | undefined> {
  const entries = kv.list({ prefix: keys.run(principal, run) }, { reverse: true, limit: 1 });
  for await (const entry of entries) return stored.parse(entry.value);
  return undefined;
}

/** Receipts that are to be committed. */
export interface NewReceipts {
  /** Place of the first. */
  readonly seq: number;
  /** Compact JWS, in order. */
  readonly receipts: readonly string[];
  /** Adds to their commit. @default {nothing} */
  also?(commit: Deno.AtomicOperation): Deno.AtomicOperation;
}

/**
 * Commits receipts to the places from `seq` on, at most {@linkcode maxReceiptsPerCommit}.
 * Places are taken one after the other, so where the first is free, all are.
 *
 * @returns Whether they were written; `false` where another was faster, and nothing was.
 */
export async function commitReceipts(
  kv: Deno.Kv,
  { principal, run }: ReceiptChainId,
  { seq, receipts, also = (commit) => commit }: NewReceipts,
): Promise<boolean> {
  const commit = kv.atomic();
  commit.check({ key: keys.receipt(principal, run, seq), versionstamp: null });
  for (const [index, receipt] of receipts.entries()) {
    commit.set(keys.receipt(principal, run, seq + index), receipt);
  }
  return (await also(commit).commit()).ok;
}

/** Forgets the receipts of a run, with the run itself. */
export async function deleteReceipts(kv: Deno.Kv, chain: ReceiptChainId): Promise<void> {
  const { principal, run } = chain;
  for await (const { key } of kv.list({ prefix: keys.run(principal, run) })) await kv.delete(key);
}
