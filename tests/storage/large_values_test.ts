import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import fc from "fast-check";
import {
  deleteLarge,
  maxLargeBytes,
  readLarge,
  sweepLooseChunks,
  writeLarge,
} from "../../src/storage/large_values.ts";

const key = ["report", "local", "run_1"];

Deno.test("readLarge() gives what writeLarge() wrote, at any size and in any script", async () => {
  await using folder = await openFileKv();
  const sizes = [0, 1, 49_151, 49_152, 49_153, 61_439, 61_440, 61_441, 122_880, 737_280, 737_281];
  const size = fc.oneof(fc.constantFrom(...sizes), fc.nat({ max: 1_000_000 }));
  const unit = fc.constantFrom("a", "ä", "€", "\u{1f600}", "\ufeff", "\0");
  const property = fc.asyncProperty(size, unit, unit, async (length, some, last) => {
    const text = some.repeat(length).slice(0, length).replace(/[\ud800-\udbff]$/, "") + last;
    await writeLarge(folder.kv, key, text);
    return (await readLarge(folder.kv, key))?.text() === text;
  });

  await fc.assert(property, { numRuns: 30 });

  await deleteLarge(folder.kv, key);
  deepStrictEqual(await allKeys(folder.kv), []);
});

Deno.test("writeLarge() takes 64 MB of bytes and refuses one byte more", async () => {
  await using folder = await openFileKv();
  const bytes = new Uint8Array(maxLargeBytes).map((_, index) => index % 251);

  await writeLarge(folder.kv, key, bytes);
  const read = await readLarge(folder.kv, key);

  ok(read !== undefined && bytes.every((byte, index) => byte === read.bytes[index]));
  await rejects(writeLarge(folder.kv, key, new Uint8Array(maxLargeBytes + 1)), {
    code: "too_large",
    message: "Cannot store a value of 67108865 bytes: the most is 67108864",
  });
});

Deno.test("writeLarge() refuses text that would not come back the same", async () => {
  using kv = await Deno.openKv(":memory:");

  await rejects(writeLarge(kv, key, "\ud800"), TypeError);
});

Deno.test("writeLarge() with a check writes only over the version that was read", async () => {
  using kv = await Deno.openKv(":memory:");
  const big = "x".repeat(100_000);

  const first = await writeLarge(kv, key, big, { check: null });
  const again = await writeLarge(kv, key, big + "again", { check: null });
  const second = await writeLarge(kv, key, big + "second", { check: first });
  const stale = await writeLarge(kv, key, big + "stale", { check: first });

  deepStrictEqual([again, stale], [undefined, undefined]);
  const read = await readLarge(kv, key);
  deepStrictEqual([read?.text(), read?.versionstamp], [big + "second", second]);
  strictEqual(await looseMarks(kv), 0);
});

Deno.test("writeLarge() commits further mutations with the value or not at all", async () => {
  using kv = await Deno.openKv(":memory:");
  const index = ["index", "run_1"];
  const big = "x".repeat(100_000);
  const also = (commit: Deno.AtomicOperation) =>
    commit.check({ key: index, versionstamp: null }).set(index, true);

  const first = await writeLarge(kv, key, big, { also });
  const second = await writeLarge(kv, key, "small", { also });
  const gone = await deleteLarge(kv, key, { also });

  ok(first !== undefined);
  deepStrictEqual([second, gone], [undefined, false]);
  strictEqual((await readLarge(kv, key))?.text(), big);
});

Deno.test("deleteLarge() leaves nothing behind, and tells where a check did not hold", async () => {
  using kv = await Deno.openKv(":memory:");
  const version = await writeLarge(kv, key, "x".repeat(200_000));

  const refused = await deleteLarge(kv, key, { check: null });
  const done = await deleteLarge(kv, key, { check: version });

  deepStrictEqual([refused, done], [false, true]);
  deepStrictEqual([await readLarge(kv, key), await allKeys(kv)], [undefined, []]);
});

Deno.test("writeLarge() by several at once leaves the whole value of one of them", async () => {
  await using folder = await openFileKv();
  const texts = ["a", "b", "c", "d"].map((letter) => letter.repeat(300_000));

  const read = readUntilDone(
    folder.kv,
    Promise.all(
      texts.map((text) => writeLarge(folder.kv, key, text)),
    ),
  );

  for (const text of await read) ok(texts.includes(text));
  const { kv } = folder;
  const last = (await readLarge(kv, key))?.text() ?? "";
  ok(texts.includes(last));
  deepStrictEqual([await looseMarks(kv), (await allKeys(kv)).length], [0, 6]);
});

Deno.test("writeLarge() with the same check by several at once lets exactly one win", async () => {
  await using folder = await openFileKv();
  const texts = ["a", "b", "c"].map((letter) => letter.repeat(100_000));

  const versions = await Promise.all(
    texts.map((text) => writeLarge(folder.kv, key, text, { check: null })),
  );

  const winners = texts.filter((_, index) => versions[index] !== undefined);
  deepStrictEqual([(await readLarge(folder.kv, key))?.text()], winners);
});

Deno.test("readLarge() after a writer was killed gives a whole value, and a sweep clears up", async () => {
  await using folder = await openFileKv();
  await writeLarge(folder.kv, key, "0".repeat(2_000_000));
  folder.kv.close();
  for (let round = 0; round < 3; round++) await killWhileWriting(folder.path);

  using kv = await Deno.openKv(folder.path);
  const text = (await readLarge(kv, key))?.text() ?? "";
  await sweepLooseChunks(kv, { olderThanMs: 0, now: () => Date.now() + 1 });

  ok(text.length === 2_000_000 && new Set(text).size === 1);
  deepStrictEqual([await looseMarks(kv), (await allKeys(kv)).length], [0, 34]);
});

Deno.test("sweepLooseChunks() leaves a young write alone", async () => {
  using kv = await Deno.openKv(":memory:");
  const generation = crypto.randomUUID();
  await kv.set(["loose_chunks", generation], { at: 1_000, chunks: 1 });
  await kv.set(["chunk", generation, 0], new Uint8Array(1));

  const young = await sweepLooseChunks(kv, { olderThanMs: 100, now: () => 1_099 });
  const old = await sweepLooseChunks(kv, { olderThanMs: 100, now: () => 1_100 });

  deepStrictEqual([young, old, await allKeys(kv)], [0, 1, []]);
});

Deno.test("readLarge() says so where chunks are missing", async () => {
  using kv = await Deno.openKv(":memory:");
  await kv.set(key, { generation: crypto.randomUUID(), chunks: 2 });

  await rejects(readLarge(kv, key), /chunks are missing/);
});

/** Reads without end while the work is going on; gives what was seen. */
async function readUntilDone(kv: Deno.Kv, work: Promise<unknown>): Promise<Set<string>> {
  const seen = new Set<string>();
  let isDone = false;
  const done = work.finally(() => isDone = true);
  while (!isDone) {
    const read = await readLarge(kv, key);
    if (read !== undefined) seen.add(read.text());
  }
  await done;
  return seen;
}

/** Starts a process that writes without end, and kills it in the middle of its third write or later. */
async function killWhileWriting(path: string): Promise<void> {
  const module = import.meta.resolve("../../src/storage/large_values.ts");
  const code = `import { writeLarge } from ${JSON.stringify(module)};
    const kv = await Deno.openKv(${JSON.stringify(path)});
    for (let i = 0;; i++) {
      await writeLarge(kv, ${JSON.stringify(key)}, String(i % 10).repeat(2_000_000));
      console.log(i);
    }`;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  await using child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-lock", "--config", config, "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  let written = 0;
  for await (const chunk of child.stdout) {
    written += chunk.length;
    if (written >= 6) break;
  }
  child.kill("SIGKILL");
  await child.status;
}

async function openFileKv() {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/test.db`;
  const kv = await Deno.openKv(path);
  return {
    kv,
    path,
    async [Symbol.asyncDispose]() {
      try {
        kv.close();
      } catch (error) {
        if (!(error instanceof Deno.errors.BadResource)) throw error;
      }
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function allKeys(kv: Deno.Kv): Promise<Deno.KvKey[]> {
  return (await Array.fromAsync(kv.list({ prefix: [] }))).map((entry) => entry.key);
}

async function looseMarks(kv: Deno.Kv): Promise<number> {
  return (await Array.fromAsync(kv.list({ prefix: ["loose_chunks"] }))).length;
}
