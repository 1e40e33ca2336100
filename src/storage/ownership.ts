/**
 * One owner at a time among the servers of one KV. The owner's row names its
 * server; whoever finds that server dead takes the row over. Safety is not in
 * the clocks: each write of an owner checks the version of its row, so that
 * those of an owner that was replaced fail. @module
 */

import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Instance } from "./instance.ts";

/** What this server owns. */
export interface Owned {
  /** Which owner it is since the thing was last free, from 1. */
  readonly epoch: number;
  /** Adds the check that makes a commit fail once this owner was replaced or has let go. */
  fence(commit: Deno.AtomicOperation): Deno.AtomicOperation;
  /** Lets go, unless another has taken it. */
  release(): Promise<void>;
}

/** What {@linkcode Ownership.claim} found. */
export type OwnershipClaim =
  | { type: "owned"; owned: Owned }
  /** A living server has it. */
  | { type: "elsewhere"; instance: string; url?: string };

const rowSchema = z.object({ instance: z.string(), epoch: z.int().positive() });

/** What the servers of a KV own. */
export class Ownership {
  readonly #kv: Deno.Kv;
  readonly #instance: Instance;

  /** As seen by one of them. */
  constructor(kv: Deno.Kv, instance: Instance) {
    this.#kv = kv;
    this.#instance = instance;
  }

  /**
   * Takes what is free, what belongs to a dead server, and what this server took before: that
   * earlier owner is replaced as any other.
   *
   * @throws {AirlockError} `shutting_down` where this server has lost its own place.
   */
  async claim(key: Deno.KvKey): Promise<OwnershipClaim> {
    const { id } = this.#instance;
    for (;;) {
      this.#assertAlive();
      const before = await this.#kv.get(key);
      const row = rowSchema.safeParse(before.value).data;
      const commit = this.#kv.atomic().check(before);
      if (row !== undefined && row.instance !== id) {
        const { entry, isAlive, url } = await this.#instance.find(row.instance);
        if (isAlive) return { type: "elsewhere", instance: row.instance, url };
        // Where it gives a sign of life meanwhile, it keeps what it has.
        commit.check(entry);
      }
      const epoch = (row?.epoch ?? 0) + 1;
      const done = await commit.set(key, { instance: id, epoch }).commit();
      if (done.ok) return { type: "owned", owned: this.#own(key, epoch, done.versionstamp) };
    }
  }

  /** The living server that owns something, if any does, and it is not this one. */
  async elsewhere(key: Deno.KvKey): Promise<{ instance: string; url?: string } | undefined> {
    const { value } = await this.#kv.get(key);
    const row = rowSchema.safeParse(value).data;
    if (row === undefined || row.instance === this.#instance.id) return undefined;
    const { isAlive, url } = await this.#instance.find(row.instance);
    return isAlive ? { instance: row.instance, url } : undefined;
  }

  #own(key: Deno.KvKey, epoch: number, versionstamp: string): Owned {
    const own = { key, versionstamp };
    return {
      epoch,
      fence: (commit) => commit.check(own),
      release: async () => void await this.#kv.atomic().check(own).delete(key).commit(),
    };
  }

  #assertAlive(): void {
    if (!this.#instance.lost.aborted) return;
    const state = "this server has lost its place in the database";
    throw new AirlockError("shutting_down", `Cannot take the work on: ${state}`);
  }
}
