/**
 * Values above the size that KV takes. A value is a head, which holds it where
 * it is small; a larger one lies in chunks of its own generation, written
 * before the head names them and removed after it stops to. So a reader sees
 * the value before or the value after, whatever crashes in between. @module
 */

import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";

/** Largest value, in bytes. */
export const maxLargeBytes = 64 * 1024 * 1024;

/** A value no longer than this lies in its head: KV takes 65,536 bytes with their key. */
const maxInlineBytes = 48 * 1024;
const chunkBytes = 60 * 1024;
/** A commit takes 819,200 bytes: 12 chunks with their keys. */
const chunksPerWrite = 12;
/** A commit takes 1,000 mutations. */
const chunksPerDelete = 500;
/** KV reads 10 keys at once. */
const chunksPerRead = 10;
/** A reader starts again when the value changed under it, at most so often. */
const maxReads = 50;

const keys = {
  chunk: (generation: string, index: number) => ["chunk", generation, index],
  /** Marks chunks that no head names: being written, or to be removed. */
  loose: (generation: string) => ["loose_chunks", generation],
  allLoose: ["loose_chunks"],
};

type Head = { inline: Uint8Array } | { generation: string; chunks: number };

const headSchema: z.ZodType<Head> = z.union([
  z.strictObject({ inline: z.instanceof(Uint8Array) }),
  z.strictObject({
    generation: z.uuid(),
    chunks: z.int().positive().max(Math.ceil(maxLargeBytes / chunkBytes)),
  }),
]);

const looseSchema = z.strictObject({ at: z.number(), chunks: z.int().positive() });

/** A value that was read. */
export interface LargeValue {
  /** The value. */
  readonly bytes: Uint8Array;
  /** Version of its head: pass it as `check` to write only what nobody changed since. */
  readonly versionstamp: string;
  /** The value as text. */
  text(): string;
}

/** Options of {@linkcode writeLarge} and {@linkcode deleteLarge}. */
export interface LargeCommitOptions {
  /**
   * The version that must still be there, `null` for none at all.
   * @default {whatever is there is replaced}
   */
  check?: string | null;
  /**
   * Adds checks and mutations to the commit that makes the change seen.
   * @default {none}
   */
  also?: (commit: Deno.AtomicOperation) => Deno.AtomicOperation;
}

/**
 * Writes a value, atomically however long it is. Text must be well-formed.
 *
 * @returns The new version, or `undefined` where `check`, or a check of `also`, did not hold.
 * @throws {AirlockError} `too_large` above {@linkcode maxLargeBytes}.
 */
export async function writeLarge(
  kv: Deno.Kv,
  key: Deno.KvKey,
  value: string | Uint8Array,
  options: LargeCommitOptions = {},
): Promise<string | undefined> {
  const bytes = toBytes(value);
  if (bytes.length <= maxInlineBytes) return await changeHead(kv, key, { inline: bytes }, options);

  const head = { generation: crypto.randomUUID(), chunks: Math.ceil(bytes.length / chunkBytes) };
  const mark = keys.loose(head.generation);
  const marked = await kv.set(mark, { at: Date.now(), chunks: head.chunks });
  await writeChunks(kv, head.generation, bytes);
  const written = await changeHead(kv, key, head, {
    ...options,
    also: (commit) =>
      addTo(commit, options).check({ key: mark, versionstamp: marked.versionstamp }).delete(mark),
  });
  // Only after a clear refusal: where a commit throws, the chunks may be in use.
  if (written === undefined) await removeChunks(kv, head.generation, head.chunks);
  return written;
}

/**
 * A short text as {@linkcode readLarge} reads it, for whoever writes it in a commit of
 * theirs to a key that holds no value yet; `undefined` where the text needs chunks.
 */
export function inlineValue(text: string): { inline: Uint8Array } | undefined {
  const bytes = toBytes(text);
  return bytes.length <= maxInlineBytes ? { inline: bytes } : undefined;
}

/**
 * Removes a value.
 *
 * @returns Whether it is gone; `false` where `check`, or a check of `also`, did not hold.
 */
export async function deleteLarge(
  kv: Deno.Kv,
  key: Deno.KvKey,
  options: LargeCommitOptions = {},
): Promise<boolean> {
  return await changeHead(kv, key, undefined, options) !== undefined;
}

/** Reads a value whole, as it was at one moment; `undefined` where there is none. */
export async function readLarge(kv: Deno.Kv, key: Deno.KvKey): Promise<LargeValue | undefined> {
  let seen: string | undefined;
  for (let read = 0; read < maxReads; read++) {
    const entry = await kv.get(key);
    if (entry.versionstamp === null) return undefined;
    const bytes = await readBytes(kv, headSchema.parse(entry.value));
    if (bytes !== undefined) {
      const text = () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      return { bytes, versionstamp: entry.versionstamp, text };
    }
    if (entry.versionstamp === seen) throw new TypeError("Cannot read a value: chunks are missing");
    seen = entry.versionstamp;
  }
  throw new AirlockError("unavailable", "Cannot read a value: it changes too often");
}

/** Options of {@linkcode sweepLooseChunks}. */
export interface SweepOptions {
  /** Younger ones may belong to a write under way. @default {3600000} */
  olderThanMs?: number;
  /** The clock. @default {Date.now} */
  now?: () => number;
}

/** Removes what writes left behind that were cut short by a crash. Gives how many there were. */
export async function sweepLooseChunks(kv: Deno.Kv, options: SweepOptions = {}): Promise<number> {
  const { olderThanMs = 3_600_000, now = Date.now } = options;
  let swept = 0;
  for await (const entry of kv.list({ prefix: keys.allLoose })) {
    const { at, chunks } = looseSchema.parse(entry.value);
    if (at > now() - olderThanMs) continue;
    // The new version of the mark keeps a write that is still under way from using the chunks.
    const claim = kv.atomic().check(entry).set(entry.key, { at: now(), chunks });
    if (!(await claim.commit()).ok) continue;
    await removeChunks(kv, z.uuid().parse(entry.key[1]), chunks);
    swept++;
  }
  return swept;
}

function toBytes(value: string | Uint8Array): Uint8Array {
  if (typeof value === "string" && !value.isWellFormed()) {
    throw new TypeError("Cannot store text that is not well-formed");
  }
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  if (bytes.length <= maxLargeBytes) return bytes;
  const message = `Cannot store a value of ${bytes.length} bytes: the most is ${maxLargeBytes}`;
  throw new AirlockError("too_large", message);
}

/** Puts a head in place of the one that is there, and drops the chunks of that one. */
async function changeHead(
  kv: Deno.Kv,
  key: Deno.KvKey,
  head: Head | undefined,
  options: LargeCommitOptions,
): Promise<string | undefined> {
  let before = await kv.get(key);
  while (options.check === undefined || options.check === before.versionstamp) {
    const commit = kv.atomic().check(before);
    if (head === undefined) commit.delete(key);
    else commit.set(key, head);
    const old = before.value === null ? undefined : headSchema.parse(before.value);
    const isChunked = old !== undefined && "generation" in old;
    if (isChunked) commit.set(keys.loose(old.generation), { at: Date.now(), chunks: old.chunks });

    const done = await addTo(commit, options).commit();
    if (done.ok && isChunked) await removeChunks(kv, old.generation, old.chunks);
    if (done.ok) return done.versionstamp;

    const now = await kv.get(key);
    if (now.versionstamp === before.versionstamp) return undefined;
    before = now;
  }
  return undefined;
}

function addTo(commit: Deno.AtomicOperation, options: LargeCommitOptions): Deno.AtomicOperation {
  return options.also === undefined ? commit : options.also(commit);
}

async function writeChunks(kv: Deno.Kv, generation: string, bytes: Uint8Array): Promise<void> {
  const perCommit = chunksPerWrite * chunkBytes;
  for (let start = 0; start < bytes.length; start += perCommit) {
    const commit = kv.atomic();
    const end = Math.min(start + perCommit, bytes.length);
    for (let at = start; at < end; at += chunkBytes) {
      commit.set(keys.chunk(generation, at / chunkBytes), bytes.slice(at, at + chunkBytes));
    }
    await commit.commit();
  }
}

/** Removes the chunks first and their mark last, so that a crash leaves the mark. */
async function removeChunks(kv: Deno.Kv, generation: string, chunks: number): Promise<void> {
  for (let start = 0; start < chunks; start += chunksPerDelete) {
    const commit = kv.atomic();
    const end = Math.min(start + chunksPerDelete, chunks);
    for (let index = start; index < end; index++) commit.delete(keys.chunk(generation, index));
    await commit.commit();
  }
  await kv.delete(keys.loose(generation));
}

/** The bytes a head names; `undefined` where its chunks are gone, since it was replaced. */
async function readBytes(kv: Deno.Kv, head: Head): Promise<Uint8Array | undefined> {
  if ("inline" in head) return head.inline;
  const parts: Uint8Array[] = [];
  for (let start = 0; start < head.chunks; start += chunksPerRead) {
    const count = Math.min(chunksPerRead, head.chunks - start);
    const wanted = Array.from({ length: count }, (_, i) => keys.chunk(head.generation, start + i));
    for (const { value } of await kv.getMany<Uint8Array[]>(wanted)) {
      if (!(value instanceof Uint8Array)) return undefined;
      parts.push(value);
    }
  }
  return join(parts);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
