/** Finds what was kept by what it says. @module */

import MiniSearch from "minisearch";
import type { Json } from "../protocol/json.ts";
import { splitWords, stemWord } from "../search/words.ts";
import type { MemoryEntry, MemoryStore } from "./memory_store.ts";

/** Something that was kept and fits a query. */
export interface MemoryHit {
  /** Its key. */
  readonly key: string;
  /** Absent where it is over 64 KiB of JSON: read it by its key. */
  readonly value?: Json;
  /** When it was last set, ISO 8601. */
  readonly at: string;
}

/** Options of a {@linkcode MemorySearch}. */
export interface MemorySearchOptions {
  /** Characters of values that are indexed for one owner; of what lies beyond, the keys are. @default {2000000} */
  maxChars?: number;
  /** Owners whose index is kept. @default {16} */
  maxOwners?: number;
}

/** Characters of one value that are indexed: as many as `splitWords()` looks at. */
const maxValueChars = 4_000;
const maxHitBytes = 64 * 1024;
const maxQueryChars = 500;

/** Searches memories by BM25. Indexes are made on demand and follow changes. */
export class MemorySearch {
  readonly #store: MemoryStore;
  readonly #maxChars: number;
  readonly #maxOwners: number;
  /** The one asked last is last. */
  readonly #indexes = new Map<string, OwnerIndex>();

  /** Searches the memories of a store. */
  constructor(store: MemoryStore, options: MemorySearchOptions = {}) {
    this.#store = store;
    this.#maxChars = options.maxChars ?? 2_000_000;
    this.#maxOwners = options.maxOwners ?? 16;
  }

  /** What fits a query best, best first: in its key or the first 4,000 characters of its value. */
  async find(owner: string, query: string, limit: number): Promise<MemoryHit[]> {
    const index = this.#indexes.get(owner) ?? new OwnerIndex(this.#store, owner, this.#maxChars);
    this.#indexes.delete(owner);
    this.#indexes.set(owner, index);
    for (const [oldest] of this.#indexes) {
      if (this.#indexes.size <= this.#maxOwners) break;
      this.#indexes.delete(oldest);
    }
    const entries = await index.find(query.slice(0, maxQueryChars));
    return await Promise.all(entries.slice(0, limit).map((entry) => this.#hit(owner, entry)));
  }

  async #hit(owner: string, { key, at, bytes }: MemoryEntry): Promise<MemoryHit> {
    if (bytes > maxHitBytes) return { key, at };
    const value = await this.#store.get(owner, key);
    return value === undefined ? { key, at } : { key, value, at };
  }
}

/** The index of one owner's memory. */
class OwnerIndex {
  readonly #store: MemoryStore;
  readonly #owner: string;
  readonly #maxChars: number;
  readonly #index = new MiniSearch<{ key: string; text: string }>({
    idField: "key",
    fields: ["key", "text"],
    tokenize: splitWords,
    processTerm: (word) => stemWord(word) ?? null,
  });
  readonly #indexed = new Map<string, { entry: MemoryEntry; chars: number }>();
  #chars = 0;
  #version: string | null = null;
  #update: Promise<void> = Promise.resolve();

  constructor(store: MemoryStore, owner: string, maxChars: number) {
    this.#store = store;
    this.#owner = owner;
    this.#maxChars = maxChars;
  }

  /** All that fits, best first. */
  async find(query: string): Promise<MemoryEntry[]> {
    // One search after the other brings the index up to date; a failure is that search's own.
    const update = this.#update.then(() => this.#follow(), () => this.#follow());
    this.#update = update;
    await update;
    const hits = this.#index.search(query, { prefix: true, boost: { key: 2 } });
    return hits.flatMap(({ id }) => this.#indexed.get(id)?.entry ?? []);
  }

  async #follow(): Promise<void> {
    const version = await this.#store.version(this.#owner);
    if (version === this.#version) return;
    const entries = await this.#store.list(this.#owner);
    const present = new Set(entries.map(({ key }) => key));
    for (const key of [...this.#indexed.keys()]) if (!present.has(key)) this.#forget(key);
    for (const entry of entries) {
      const known = this.#indexed.get(entry.key);
      if (known?.entry.versionstamp === entry.versionstamp) continue;
      this.#forget(entry.key);
      await this.#learn(entry);
    }
    this.#version = version;
  }

  async #learn(entry: MemoryEntry): Promise<void> {
    const value = this.#chars < this.#maxChars
      ? await this.#store.get(this.#owner, entry.key)
      : undefined;
    const text = textOf(value);
    this.#index.add({ key: entry.key, text });
    this.#indexed.set(entry.key, { entry, chars: text.length });
    this.#chars += text.length;
  }

  #forget(key: string): void {
    const known = this.#indexed.get(key);
    if (known === undefined) return;
    this.#index.discard(key);
    this.#indexed.delete(key);
    this.#chars -= known.chars;
  }
}

/** What is indexed of a value. */
function textOf(value: Json | undefined): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.slice(0, maxValueChars);
}
