import { deepStrictEqual, rejects, strictEqual } from "assert";
import fc from "fast-check";
import type { Json } from "../../src/protocol/json.ts";
import { maxValueBytes, MemoryStore } from "../../src/memory/memory_store.ts";

const now = () => Date.UTC(2026, 10, 22);

Deno.test("MemoryStore gives back any JSON under any key", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new MemoryStore(kv);
  const keys = fc.string({ unit: "grapheme", minLength: 1, maxLength: 64 });

  await fc.assert(
    fc.asyncProperty(keys, fc.jsonValue(), async (key, value) => {
      const json: Json = JSON.parse(JSON.stringify(value));
      await store.set("ci", key, json);
      deepStrictEqual(await store.get("ci", key), json);
    }),
    { numRuns: 50 },
  );
});

Deno.test("MemoryStore takes a value of 1 MiB, and no byte more", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new MemoryStore(kv);
  const largest = "é".repeat((maxValueBytes - 2) / 2);

  await store.set("ci", "large", largest);

  strictEqual(await store.get("ci", "large"), largest);
  await rejects(store.set("ci", "large", `${largest}x`), {
    code: "invalid_arguments",
    message: 'Cannot set "large": 1048577 bytes are more than 1048576',
  });
  strictEqual(await store.get("ci", "large"), largest);
});

Deno.test("MemoryStore takes the longest key of the widest characters", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new MemoryStore(kv);

  for (const character of ["€", "\0", "é"]) {
    const key = character.repeat(512);
    await store.set("x".repeat(64), key, 1);
    strictEqual(await store.get("x".repeat(64), key), 1);
  }
});

Deno.test("MemoryStore keeps owners apart", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new MemoryStore(kv);
  await store.set("ci", "key", "secret");

  strictEqual(await store.get("eve", "key"), undefined);
  deepStrictEqual(await store.list("eve"), []);
  strictEqual(await store.delete("eve", "key"), false);
  strictEqual(await store.get("ci", "key"), "secret");
});

Deno.test("MemoryStore.delete() forgets a key and says whether it was there", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new MemoryStore(kv);
  await store.set("ci", "key", "x".repeat(100_000));

  strictEqual(await store.delete("ci", "key"), true);

  strictEqual(await store.delete("ci", "key"), false);
  strictEqual(await store.get("ci", "key"), undefined);
  const left = await Array.fromAsync(kv.list({ prefix: [] }), (entry) => entry.key);
  deepStrictEqual(left, [["memory_state", "ci"]]);
});

Deno.test("MemoryStore.list() gives keys by prefix, in order, up to a limit", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new MemoryStore(kv, { now });
  for (const key of ["b", "a/2", "a/1", "a", "a0", "aé"]) await store.set("ci", key, key);
  const names = async (options: { prefix?: string; limit?: number }) =>
    (await store.list("ci", options)).map(({ key }) => key);

  deepStrictEqual(await names({}), ["a", "a/1", "a/2", "a0", "aé", "b"]);
  deepStrictEqual(await names({ prefix: "a/" }), ["a/1", "a/2"]);
  deepStrictEqual(await names({ prefix: "a", limit: 2 }), ["a", "a/1"]);
  deepStrictEqual(await names({ prefix: "c" }), []);
  const [first] = await store.list("ci", { limit: 1 });
  deepStrictEqual({ ...first, versionstamp: "" }, {
    key: "a",
    at: "2026-11-22T00:00:00.000Z",
    bytes: 3,
    versionstamp: "",
  });
});

Deno.test("MemoryStore refuses one key too many, and takes it after a deletion", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new MemoryStore(kv, { maxKeys: 3 });
  await Promise.all(["a", "b", "c"].map((key) => store.set("ci", key, 1)));

  await rejects(store.set("ci", "d", 1), {
    code: "tool_failed",
    message: 'Cannot set "d": the memory is full with 3 keys',
  });
  await store.set("ci", "a", 2);
  await store.set("other", "d", 1);
  await store.delete("ci", "a");
  await store.set("ci", "d", 1);

  strictEqual(await store.get("ci", "d"), 1);
});

Deno.test("MemoryStore counts right when several instances change one memory", async () => {
  using kv = await Deno.openKv(":memory:");
  const stores = [1, 2, 3].map(() => new MemoryStore(kv, { maxKeys: 12 }));

  await Promise.all(
    stores.flatMap((store, i) => [1, 2, 3, 4].map((n) => store.set("ci", `${i}/${n}`, n))),
  );

  strictEqual((await stores[0].list("ci")).length, 12);
  await rejects(stores[1].set("ci", "more", 1), { code: "tool_failed" });
});
