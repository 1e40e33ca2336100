/**
 * Commits what arrives while a commit is under way together in the next one. A
 * commit costs the same for one change and for eight, so that runs which begin
 * and end beside each other do not wait in line for the disk. @module
 */

/** Adds unconditional changes to a commit; a check would let one change fail its neighbours. */
export type Change = (commit: Deno.AtomicOperation) => unknown;

interface Waiting {
  change: Change;
  resolve(): void;
  reject(error: unknown): void;
}

/** Changes in one commit: each at most 50 kB, where KV takes 800 kB. */
const maxChanges = 12;

/** Writes changes in the order they came, several at a time. */
export class GroupCommit {
  readonly #kv: Deno.Kv;
  readonly #waiting: Waiting[] = [];
  #isWriting = false;

  /** Commits to this database. */
  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  /** Resolves when the change is in KV; rejects where the commit it was in failed. */
  write(change: Change): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ change, resolve, reject });
    if (!this.#isWriting) void this.#writeAll();
    return promise;
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, maxChanges);
      try {
        const commit = this.#kv.atomic();
        for (const { change } of group) change(commit);
        await commit.commit();
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#isWriting = false;
  }
}
