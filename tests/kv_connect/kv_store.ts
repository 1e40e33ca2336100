/**
 * What a KV Connect server keeps: bytes by bytes in order, in SQLite, in memory
 * or in a file. It compares keys and versions, and never looks into a value. @module
 */

import { DatabaseSync } from "node:sqlite";

/** A value and the version that wrote it. */
export interface Entry {
  key: Uint8Array<ArrayBuffer>;
  value: Uint8Array<ArrayBuffer>;
  encoding: number;
  versionstamp: Uint8Array<ArrayBuffer>;
}

/** A key and the version it must have; none where the version is empty. */
export interface Check {
  key: Uint8Array<ArrayBuffer>;
  versionstamp: Uint8Array<ArrayBuffer>;
}

/** A change of one key. */
export interface Mutation {
  type: "set" | "delete" | "sum" | "max" | "min";
  key: Uint8Array<ArrayBuffer>;
  value: Uint8Array<ArrayBuffer>;
  encoding: number;
  /** Milliseconds since 1970; 0 where it does not expire. */
  expireAt: number;
}

/** A range of keys: from `start` on, before `end`. */
export interface Range {
  start: Uint8Array<ArrayBuffer>;
  end: Uint8Array<ArrayBuffer>;
  limit: number;
  reverse: boolean;
}

/** What a write may be at the most, as the protocol's repository publishes it, and as Deno's own limits are. */
export const limits = {
  keyBytes: 2_048,
  valueBytes: 65_536,
  ranges: 10,
  entries: 1_000,
  checks: 10,
  mutations: 1_000,
  mutationBytes: 819_200,
  watchedKeys: 10,
};

/** A request that breaks a limit. */
export class LimitError extends RangeError {}

/** Numbers of `sum`, `min` and `max`: little-endian, 64 bits. */
const le64 = 2;

/** The store. */
export class KvStore implements Disposable {
  readonly #db: DatabaseSync;
  readonly #changed = new Set<() => void>();

  /** In memory, or in a file. */
  constructor(path = ":memory:") {
    this.#db = new DatabaseSync(path);
    this.#db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS kv (key BLOB PRIMARY KEY, value BLOB NOT NULL,
        encoding INTEGER NOT NULL, version INTEGER NOT NULL, expire_at INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS version (latest INTEGER NOT NULL);
      INSERT INTO version SELECT 0 WHERE NOT EXISTS (SELECT * FROM version);`);
  }

  /** Reads ranges, all as they are at one moment. */
  read(ranges: readonly Range[]): Entry[][] {
    if (ranges.length > limits.ranges) throw new LimitError("too many ranges");
    const found = ranges.map(({ start, end, limit, reverse }) => {
      const order = reverse ? "DESC" : "ASC";
      const rows = this.#db.prepare(
        `SELECT key, value, encoding, version FROM kv WHERE key >= ? AND key < ?
          AND (expire_at = 0 OR expire_at > ?) ORDER BY key ${order} LIMIT ?`,
      ).all(start, end, Date.now(), limit);
      return rows.map(toEntry);
    });
    if (found.flat().length > limits.entries) throw new LimitError("too many entries");
    return found;
  }

  /** One entry. */
  get(key: Uint8Array<ArrayBuffer>): Entry | undefined {
    const end = new Uint8Array([...key, 0]);
    return this.read([{ start: key, end, limit: 1, reverse: false }])[0][0];
  }

  /** Writes all or nothing; the version, or the checks that did not hold. */
  write(
    checks: readonly Check[],
    mutations: readonly Mutation[],
  ): { versionstamp: Uint8Array<ArrayBuffer> } | { failed: number[] } {
    assertWithinLimits(checks, mutations);
    const failed = checks.flatMap(({ key, versionstamp }, index) => {
      const found = this.get(key)?.versionstamp ?? new Uint8Array();
      return found.toHex() === versionstamp.toHex() ? [] : [index];
    });
    if (failed.length > 0) return { failed };
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const row = this.#db.prepare("UPDATE version SET latest = latest + 1 RETURNING latest").get();
      const version = Number(row?.latest);
      for (const mutation of mutations) this.#apply(mutation, version);
      this.#db.exec("COMMIT");
      for (const tell of this.#changed) tell();
      return { versionstamp: toStamp(version) };
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  /** Tells of each write until the signal fires. */
  onWrite(tell: () => void, signal: AbortSignal): void {
    this.#changed.add(tell);
    signal.addEventListener("abort", () => this.#changed.delete(tell));
  }

  /** Closes the database. */
  [Symbol.dispose](): void {
    this.#db.close();
  }

  #apply({ type, key, value, encoding, expireAt }: Mutation, version: number): void {
    if (type === "delete") return void this.#db.prepare("DELETE FROM kv WHERE key = ?").run(key);
    const before = type === "set" ? undefined : this.get(key);
    const written = before === undefined ? value : combine(type, before, value);
    this.#db.prepare("INSERT OR REPLACE INTO kv VALUES (?, ?, ?, ?, ?)")
      .run(key, written, encoding, version, expireAt);
  }
}

function assertWithinLimits(checks: readonly Check[], mutations: readonly Mutation[]): void {
  if (checks.length > limits.checks) throw new LimitError("too many checks (max 10)");
  if (mutations.length > limits.mutations) throw new LimitError("too many mutations (max 1000)");
  const keys = [...checks, ...mutations].map(({ key }) => key.length);
  if (Math.max(0, ...keys) > limits.keyBytes) {
    throw new LimitError("key too large (max 2048 bytes)");
  }
  const values = mutations.map(({ value }) => value.length);
  if (Math.max(0, ...values) > limits.valueBytes) {
    throw new LimitError("value too large (max 65536 bytes)");
  }
  const bytes = mutations.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
  if (bytes > limits.mutationBytes) throw new LimitError("total mutation size too large");
}

function combine(
  type: "sum" | "max" | "min" | "set",
  before: Entry,
  value: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  if (before.encoding !== le64) throw new LimitError("the value is not a number");
  const [a, b] = [before.value, value].map((bytes) =>
    new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true)
  );
  const results = { sum: a + b, max: a > b ? a : b, min: a < b ? a : b, set: b };
  const combined = new Uint8Array(8);
  new DataView(combined.buffer).setBigUint64(0, BigInt.asUintN(64, results[type]), true);
  return combined;
}

/** Ten bytes, as the protocol has it; they are compared, and grow. */
function toStamp(version: number): Uint8Array<ArrayBuffer> {
  const stamp = new Uint8Array(10);
  new DataView(stamp.buffer).setBigUint64(0, BigInt(version));
  return stamp;
}

function toEntry(row: Record<string, unknown>): Entry {
  const { key, value, encoding, version } = row;
  if (!(key instanceof Uint8Array) || !(value instanceof Uint8Array)) {
    throw new TypeError("A row is not one of ours");
  }
  return {
    key: new Uint8Array(key),
    value: new Uint8Array(value),
    encoding: Number(encoding),
    versionstamp: toStamp(Number(version)),
  };
}
