/** What an owner's memory holds, a page at a time: for people. @module */

import type { Json } from "../protocol/json.ts";
import type { Memory } from "./memory.ts";

/** Which page, and of what. */
export interface MemoryPageQuery {
  /** How the keys begin. @default {""} */
  prefix?: string;
  /** What it is about: the best hits, in place of a page. */
  q?: string;
  /** 1 to 1000. @default {100} */
  limit?: number;
  /** The `cursor` of the page before: its last key. */
  cursor?: string;
}

/** One thing that is kept. */
export interface MemoryItem {
  /** Its key. */
  key: string;
  /** Absent where it is over 64 KiB of JSON, in hits of a search. */
  value?: Json;
  /** When it was last set, ISO 8601. */
  at: string;
}

/** In order of key; with `q`, best first and without a cursor. */
export async function memoryPage(
  { store, search }: Pick<Memory, "store" | "search">,
  owner: string,
  { prefix, q, limit = 100, cursor }: MemoryPageQuery,
): Promise<{ items: MemoryItem[]; cursor?: string }> {
  if (q !== undefined) {
    const hits = await search.find(owner, q, limit);
    return { items: hits.filter(({ key }) => key.startsWith(prefix ?? "")) };
  }
  const entries = await store.list(owner, { prefix });
  const start = cursor === undefined ? 0 : entries.findIndex(({ key }) => key === cursor) + 1;
  const page = entries.slice(start, start + limit);
  const items = await Promise.all(page.map(async ({ key, at }): Promise<MemoryItem> => {
    const value = await store.get(owner, key);
    return value === undefined ? { key, at } : { key, value, at };
  }));
  const last = page.at(-1);
  const isLast = last === undefined || start + limit >= entries.length;
  return isLast ? { items } : { items, cursor: last.key };
}
