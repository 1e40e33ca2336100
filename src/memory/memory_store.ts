/** What principals keep between runs: JSON values by key, in KV. @module */

import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Json } from "../protocol/json.ts";
import { utf8Length } from "../protocol/utf8_length.ts";
import { deleteLarge, readLarge, writeLarge } from "../storage/large_values.ts";

/** Longest key, in characters. */
export const maxKeyLength = 512;
/** Largest value, in UTF-8 bytes of its JSON. */
export const maxValueBytes = 1024 * 1024;
/** Most keys of one owner. */
export const maxKeys = 10_000;

/** Another instance may change the same memory: a change is tried so often. */
const maxTries = 20;

const keys = {
  entry: (owner: string, key: string) => ["memory", owner, key],
  entries: (owner: string) => ["memory", owner],
  value: (owner: string, key: string) => ["memory_value", owner, key],
  /** Counts the keys; its version changes with each change of the memory. */
  state: (owner: string) => ["memory_state", owner],
};

const entrySchema = z.strictObject({ at: z.iso.datetime(), bytes: z.int().nonnegative() });
const stateSchema = z.strictObject({ count: z.int().nonnegative() });
const keySchema = z.string();

/** What is known about a key without its value. */
export interface MemoryEntry {
  /** Its key. */
  readonly key: string;
  /** When it was last set, ISO 8601. */
  readonly at: string;
  /** UTF-8 bytes of its value as JSON. */
  readonly bytes: number;
  /** Changes when it is set anew. */
  readonly versionstamp: string;
}

/** Options of {@linkcode MemoryStore.list}. */
export interface ListMemoryOptions {
  /** How the keys begin. @default {""} */
  prefix?: string;
  /** How many at most. @default {all} */
  limit?: number;
}

/** Options of a {@linkcode MemoryStore}. */
export interface MemoryStoreOptions {
  /** Keys one owner may have. @default {10000} */
  maxKeys?: number;
  /** The clock, milliseconds since 1970. @default {Date.now} */
  now?: () => number;
}

/** The memories of all owners; an owner is the name of a principal and sees its own alone. */
export class MemoryStore {
  readonly #kv: Deno.Kv;
  readonly #maxKeys: number;
  readonly #now: () => number;
  /** The last change that each owner has under way; the next waits for it. */
  readonly #turns = new Map<string, Promise<void>>();

  /** The memories that lie in a KV. */
  constructor(kv: Deno.Kv, options: MemoryStoreOptions = {}) {
    this.#kv = kv;
    this.#maxKeys = options.maxKeys ?? maxKeys;
    this.#now = options.now ?? Date.now;
  }

  /** The value of a key; `undefined` where there is none. */
  async get(owner: string, key: string): Promise<Json | undefined> {
    const value = await readLarge(this.#kv, keys.value(owner, key));
    return value === undefined ? undefined : JSON.parse(value.text());
  }

  /**
   * Sets a key. It is seen whole or not at all.
   *
   * @param key 1 to 512 characters of well-formed text.
   * @throws {AirlockError} `invalid_arguments` above 1 MiB, `tool_failed` above 10,000 keys.
   */
  async set(owner: string, key: string, value: Json): Promise<void> {
    const json = JSON.stringify(value);
    const bytes = utf8Length(json);
    if (bytes > maxValueBytes) throw tooLarge(key, bytes);
    await this.#change(owner, key, async ({ entry, state, count }) => {
      const next = entry.versionstamp === null ? count + 1 : count;
      if (next > this.#maxKeys) throw this.#full(key);
      const at = new Date(this.#now()).toISOString();
      const written = await writeLarge(this.#kv, keys.value(owner, key), json, {
        also: (commit) =>
          commit.check(entry, state).set(entry.key, { at, bytes }).set(state.key, { count: next }),
      });
      return written !== undefined;
    });
  }

  /** Forgets a key. Gives whether it was there. */
  async delete(owner: string, key: string): Promise<boolean> {
    let wasThere = false;
    await this.#change(owner, key, async ({ entry, state, count }) => {
      wasThere = entry.versionstamp !== null;
      if (!wasThere) return true;
      return await deleteLarge(this.#kv, keys.value(owner, key), {
        also: (commit) =>
          commit.check(entry, state).delete(entry.key).set(state.key, { count: count - 1 }),
      });
    });
    return wasThere;
  }

  /** Forgets all that an owner keeps. */
  async deleteAll(owner: string): Promise<void> {
    for (const { key } of await this.list(owner)) await this.delete(owner, key);
    await this.#kv.delete(keys.state(owner));
  }

  /** What there is, in order of key (UTF-8 bytes). */
  async list(owner: string, options: ListMemoryOptions = {}): Promise<MemoryEntry[]> {
    const { prefix = "", limit = Infinity } = options;
    const found: MemoryEntry[] = [];
    if (limit < 1) return found;
    const range = { prefix: keys.entries(owner), start: keys.entry(owner, prefix) };
    for await (const entry of this.#kv.list(range, { batchSize: 500 })) {
      const key = keySchema.parse(entry.key.at(-1));
      if (!key.startsWith(prefix)) break;
      const { at, bytes } = entrySchema.parse(entry.value);
      found.push({ key, at, bytes, versionstamp: entry.versionstamp });
      if (found.length >= limit) break;
    }
    return found;
  }

  /** Changes with each change of an owner's memory; `null` where nothing was ever set. */
  async version(owner: string): Promise<string | null> {
    return (await this.#kv.get(keys.state(owner))).versionstamp;
  }

  /** Runs a change until it was committed; those of one owner one after the other. */
  async #change(owner: string, key: string, change: Change): Promise<void> {
    const before = this.#turns.get(owner);
    const { promise: turn, resolve: endTurn } = Promise.withResolvers<void>();
    this.#turns.set(owner, turn);
    await before;
    try {
      for (let tries = 0; tries < maxTries; tries++) {
        if (await change(await this.#read(owner, key))) return;
      }
    } finally {
      endTurn();
      if (this.#turns.get(owner) === turn) this.#turns.delete(owner);
    }
    throw new AirlockError("tool_failed", `Cannot change "${key}": others change the memory too`);
  }

  async #read(owner: string, key: string): Promise<Before> {
    const wanted = [keys.entry(owner, key), keys.state(owner)] as const;
    const [entry, state] = await this.#kv.getMany<[unknown, unknown]>(wanted);
    const count = state.versionstamp === null ? 0 : stateSchema.parse(state.value).count;
    return { entry, state, count };
  }

  #full(key: string): AirlockError {
    const message = `Cannot set "${key}": the memory is full with ${this.#maxKeys} keys`;
    return new AirlockError("tool_failed", message, { hint: "Delete keys that are not needed" });
  }
}

/** What a change begins with. */
interface Before {
  readonly entry: Deno.KvEntryMaybe<unknown>;
  readonly state: Deno.KvEntryMaybe<unknown>;
  readonly count: number;
}

/** Gives whether it was committed; `false` where something changed meanwhile. */
type Change = (before: Before) => Promise<boolean>;

function tooLarge(key: string, bytes: number): AirlockError {
  const message = `Cannot set "${key}": ${bytes} bytes are more than ${maxValueBytes}`;
  return new AirlockError("invalid_arguments", message);
}
