import { deepStrictEqual, strictEqual } from "assert";
import { MemorySearch } from "../../src/memory/memory_search.ts";
import { MemoryStore } from "../../src/memory/memory_store.ts";

const now = () => Date.UTC(2026, 10, 22);
const at = "2026-11-22T00:00:00.000Z";

Deno.test("MemorySearch.find() finds by key and by value, best first", async () => {
  await using kit = await openKit();
  await kit.store.set("ci", "customers/ann", { city: "Bergen", likes: "rain coats" });
  await kit.store.set("ci", "rain", "a list of rainy cities");
  await kit.store.set("ci", "lunch", ["soup"]);

  deepStrictEqual(await kit.search.find("ci", "soup", 10), [{ key: "lunch", value: ["soup"], at }]);
  deepStrictEqual(await kit.keys("rain"), ["rain", "customers/ann"]);
  deepStrictEqual(await kit.keys("berg"), ["customers/ann"]);
  deepStrictEqual(await kit.keys("unicorn"), []);
  deepStrictEqual(await kit.keys(""), []);
});

Deno.test("MemorySearch.find() follows changes and deletions", async () => {
  await using kit = await openKit();
  await kit.store.set("ci", "note", "apples");
  deepStrictEqual(await kit.keys("apples"), ["note"]);

  await kit.store.set("ci", "note", "pears");
  deepStrictEqual([await kit.keys("apples"), await kit.keys("pears")], [[], ["note"]]);

  await kit.store.delete("ci", "note");
  deepStrictEqual(await kit.keys("pears"), []);
});

Deno.test("MemorySearch.find() shows nobody what another keeps", async () => {
  await using kit = await openKit();
  await kit.store.set("ci", "note", "apples");
  await kit.keys("apples");

  deepStrictEqual(await kit.search.find("eve", "apples", 10), []);
});

Deno.test("MemorySearch.find() leaves out values over 64 KiB", async () => {
  await using kit = await openKit();
  await kit.store.set("ci", "long", `apples ${"x".repeat(65_536)}`);

  deepStrictEqual(await kit.search.find("ci", "apples", 10), [{ key: "long", at }]);
});

Deno.test("MemorySearch.find() indexes keys alone beyond its budget", async () => {
  await using kit = await openKit();
  await kit.store.set("ci", "a", "apples");
  await kit.store.set("ci", "b", "apples");
  const small = new MemorySearch(kit.store, { maxChars: 1 });
  const keys = async (query: string) => (await small.find("ci", query, 10)).map((hit) => hit.key);

  deepStrictEqual(await keys("apples"), ["a"]);
  deepStrictEqual(await keys("b"), ["b"]);
});

Deno.test("MemorySearch.find() answers rightly for more owners than it keeps", async () => {
  await using kit = await openKit();
  const search = new MemorySearch(kit.store, { maxOwners: 1 });
  const owners = ["ann", "bob", "ann"];
  for (const owner of owners) await kit.store.set(owner, owner, "apples");

  const found = await Promise.all(owners.map((owner) => search.find(owner, "apples", 10)));

  deepStrictEqual(found.map((hits) => hits.map(({ key }) => key)), [["ann"], ["bob"], ["ann"]]);
});

Deno.test("MemorySearch.find() answers searches at once while the memory changes", async () => {
  await using kit = await openKit();
  const sets = Array.from({ length: 20 }, (_, i) => kit.store.set("ci", `note ${i}`, "apples"));

  await Promise.all([...sets, ...sets.map(() => kit.keys("apples"))]);

  strictEqual((await kit.search.find("ci", "apples", 100)).length, 20);
});

async function openKit() {
  const kv = await Deno.openKv(":memory:");
  const store = new MemoryStore(kv, { now });
  const search = new MemorySearch(store);
  const keys = async (query: string) => (await search.find("ci", query, 10)).map(({ key }) => key);
  return { store, search, keys, [Symbol.asyncDispose]: () => Promise.resolve(kv.close()) };
}
