/**
 * Databases as they lie in KV: a snapshot and the changes since. The head
 * counts them and is written in the commit of each, so that whoever reads sees
 * a state that was acknowledged, and of two writers one fails. @module
 */

import { z } from "zod";
import { maxChangesetBytes, type SqlWritten } from "../protocol/sql_messages.ts";
import { deleteLarge, readLarge, writeLarge } from "../storage/large_values.ts";

/** Sets of changes that a database is loaded from at most; then comes a snapshot. */
const maxChanges = 100;
/** A log may grow to this before it is held against the size of the snapshot. */
const smallLogBytes = 256 * 1024;
/** KV reads 10 keys at once. */
const keysPerRead = 10;

const keys = {
  head: (owner: string) => ["sql", owner],
  snapshot: (owner: string) => ["sql_snapshot", owner],
  change: (owner: string, index: number) => ["sql_change", owner, index],
};

const headSchema = z.strictObject({
  /** Changes since the snapshot: their keys are 0 to one less. */
  changes: z.int().nonnegative().max(maxChanges),
  logBytes: z.int().nonnegative(),
  snapshotBytes: z.int().positive(),
});
type Head = z.infer<typeof headSchema>;
const changeSchema = z.instanceof(Uint8Array<ArrayBuffer>);

/** What is known about a database before it is loaded. */
export interface KeptDatabase {
  /** Its version; `null` where there is none yet. */
  readonly version: string | null;
  /** Counts of what it is loaded from. */
  readonly head?: Head;
}

/** A database, as it is to be loaded; gzipped. */
export interface LoadedDatabase {
  /** The whole, as it was at some time. @default {empty} */
  snapshot?: Uint8Array;
  /** What changed since. */
  changesets: Uint8Array[];
}

/** Adds checks to a commit, so that a writer who was replaced changes nothing. */
export type Fence = (commit: Deno.AtomicOperation) => Deno.AtomicOperation;

/** The kept databases of all owners. */
export class SqlLog {
  readonly #kv: Deno.Kv;

  /** Those that lie in a KV. */
  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  /** How far a database has come. */
  async find(owner: string): Promise<KeptDatabase> {
    const { value, versionstamp } = await this.#kv.get(keys.head(owner));
    if (versionstamp === null) return { version: null };
    return { version: versionstamp, head: headSchema.parse(value) };
  }

  /** Reads a database; `undefined` where it changed meanwhile. */
  async load(owner: string, kept: KeptDatabase): Promise<LoadedDatabase | undefined> {
    if (kept.head === undefined) return { changesets: [] };
    const snapshot = await readLarge(this.#kv, keys.snapshot(owner));
    const changesets = await this.#readChanges(owner, kept.head.changes);
    const { version } = await this.find(owner);
    if (version !== kept.version) return undefined;
    if (snapshot === undefined || changesets === undefined) {
      throw new TypeError("Cannot load a database: parts of it are missing");
    }
    return { snapshot: snapshot.bytes, changesets };
  }

  /**
   * Keeps what a query changed.
   *
   * @returns The new version; `undefined` where the database has changed since
   * it was found, or the fence did not hold.
   */
  async write(
    owner: string,
    kept: KeptDatabase,
    { kind, bytes }: SqlWritten,
    fence: Fence = (commit) => commit,
  ): Promise<string | undefined> {
    const packed = Uint8Array.fromBase64(bytes);
    if (kind === "changes" && kept.head !== undefined) {
      return await this.#writeChange(owner, { ...kept, head: kept.head }, packed, fence);
    }
    const head: Head = { changes: 0, logBytes: 0, snapshotBytes: packed.length };
    return await writeLarge(this.#kv, keys.snapshot(owner), packed, {
      also: (commit) => {
        for (let index = 0; index < (kept.head?.changes ?? 0); index++) {
          commit.delete(keys.change(owner, index));
        }
        return fence(commit).check(checkOf(owner, kept)).set(keys.head(owner), head);
      },
    });
  }

  /** Forgets a database. */
  async delete(owner: string): Promise<void> {
    await deleteLarge(this.#kv, keys.snapshot(owner), {
      also: (commit) => {
        commit.delete(keys.head(owner));
        for (let index = 0; index < maxChanges; index++) commit.delete(keys.change(owner, index));
        return commit;
      },
    });
  }

  async #writeChange(
    owner: string,
    kept: KeptDatabase & { head: Head },
    packed: Uint8Array,
    fence: Fence,
  ): Promise<string | undefined> {
    if (packed.length > maxChangesetBytes) {
      throw new RangeError("Cannot keep changes: they are too large");
    }
    const { changes, logBytes, snapshotBytes } = kept.head;
    const head: Head = {
      changes: changes + 1,
      logBytes: logBytes + packed.length,
      snapshotBytes,
    };
    const commit = fence(this.#kv.atomic()).check(checkOf(owner, kept));
    commit.set(keys.change(owner, changes), packed).set(keys.head(owner), head);
    const done = await commit.commit();
    return done.ok ? done.versionstamp : undefined;
  }

  async #readChanges(owner: string, count: number): Promise<Uint8Array[] | undefined> {
    const changes: Uint8Array[] = [];
    for (let start = 0; start < count; start += keysPerRead) {
      const length = Math.min(keysPerRead, count - start);
      const wanted = Array.from({ length }, (_, i) => keys.change(owner, start + i));
      for (const { value } of await this.#kv.getMany<unknown[]>(wanted)) {
        const { data } = changeSchema.safeParse(value);
        if (data === undefined) return undefined;
        changes.push(data);
      }
    }
    return changes;
  }
}

/** Whether the next change is to be kept as a snapshot. */
export function needsSnapshot({ head }: KeptDatabase): boolean {
  if (head === undefined) return true;
  const { changes, logBytes, snapshotBytes } = head;
  return changes >= maxChanges || logBytes > Math.max(snapshotBytes, smallLogBytes);
}

function checkOf(owner: string, { version }: KeptDatabase): Deno.AtomicCheck {
  return { key: keys.head(owner), versionstamp: version };
}
