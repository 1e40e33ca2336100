/** Rows in order under one owner, each of any length. @module */

import { z } from "zod";
import { deleteLarge, readLarge, writeLarge } from "../storage/large_values.ts";

/** Adds checks and mutations to the commit that makes a row seen. */
export type Also = (commit: Deno.AtomicOperation) => Deno.AtomicOperation;

/** A list in KV: rows by owner and number. */
export class Rows<T> {
  readonly #kv: Deno.Kv;
  readonly #kind: string;
  readonly #schema: z.ZodType<T>;

  /** The rows of one kind. */
  constructor(kv: Deno.Kv, kind: string, schema: z.ZodType<T>) {
    [this.#kv, this.#kind, this.#schema] = [kv, kind, schema];
  }

  /**
   * Writes a row, in one commit with what is added.
   *
   * @returns Whether it was committed; not where a check of `also` did not hold.
   */
  async write(owner: string, number: number, row: T, also?: Also): Promise<boolean> {
    const written = await writeLarge(this.#kv, this.#key(owner, number), JSON.stringify(row), {
      also,
    });
    return written !== undefined;
  }

  /** One row. */
  async read(owner: string, number: number): Promise<T | undefined> {
    const value = await readLarge(this.#kv, this.#key(owner, number));
    return value === undefined ? undefined : this.#schema.parse(JSON.parse(value.text()));
  }

  /** Rows in order, with their numbers. */
  async list(
    owner: string,
    options: { after?: number; limit?: number; reverse?: boolean } = {},
  ): Promise<{ number: number; row: T }[]> {
    const { after, limit, reverse = false } = options;
    const start = this.#key(owner, (after ?? -1) + 1);
    const end = [this.#kind, owner, Number.MAX_SAFE_INTEGER];
    const found: { number: number; row: T }[] = [];
    for await (const { key } of this.#kv.list({ start, end }, { limit, reverse })) {
      const number = z.number().parse(key[2]);
      const row = await this.read(owner, number);
      if (row !== undefined) found.push({ number, row });
    }
    return found;
  }

  /** Removes a row, in one commit with what is added; gives whether that was committed. */
  async delete(owner: string, number: number, also?: Also): Promise<boolean> {
    return await deleteLarge(this.#kv, this.#key(owner, number), { also });
  }

  /** Removes all rows of an owner; gives whether each of the commits was made. */
  async deleteAll(owner: string, also?: Also): Promise<boolean> {
    for await (const { key } of this.#kv.list({ prefix: [this.#kind, owner] })) {
      if (!await deleteLarge(this.#kv, key, { also })) return false;
    }
    return true;
  }

  #key(owner: string, number: number): Deno.KvKey {
    return [this.#kind, owner, number];
  }
}
