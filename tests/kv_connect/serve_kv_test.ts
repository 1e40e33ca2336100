import { deepStrictEqual, notStrictEqual, rejects, strictEqual } from "assert";
import { openRemoteKv } from "./open_remote_kv.ts";
import { serveKv } from "./serve_kv.ts";

Deno.test("serveKv(): Deno's own client reads what it has written", async () => {
  await using server = serveKv();
  using kv = await openRemoteKv(server);
  const value = { text: "ü", list: [1, new Uint8Array([1, 2])], big: 12n, at: new Date(0) };

  await kv.set(["a", 1, true, new Uint8Array([0, 255])], value);

  const found = await kv.get(["a", 1, true, new Uint8Array([0, 255])]);
  deepStrictEqual(found.value, value);
  strictEqual((await kv.get(["b"])).versionstamp, null);
});

Deno.test("serveKv(): a commit is made whole where its checks hold, else not at all", async () => {
  await using server = serveKv();
  using kv = await openRemoteKv(server);
  const before = await kv.get(["a"]);

  const first = await kv.atomic().check(before).set(["a"], 1).set(["b"], 1).commit();
  const second = await kv.atomic().check(before).set(["a"], 2).delete(["b"]).commit();

  deepStrictEqual([first.ok, second.ok], [true, false]);
  const [a, b] = await kv.getMany([["a"], ["b"]]);
  deepStrictEqual([a.value, b.value], [1, 1]);
  strictEqual(a.versionstamp, b.versionstamp);
  notStrictEqual((await kv.set(["a"], 1)).versionstamp, a.versionstamp);
});

Deno.test("serveKv() lists in order, in pages, from both ends", async () => {
  await using server = serveKv();
  using kv = await openRemoteKv(server);
  for (let index = 0; index < 25; index++) await kv.set(["n", index], index);
  await kv.set(["o", 1], "other");

  const options = { batchSize: 10 };
  const all = await Array.fromAsync(kv.list<number>({ prefix: ["n"] }, options));
  const last = await Array.fromAsync(kv.list({ prefix: ["n"] }, { reverse: true, limit: 2 }));
  const page = kv.list<number>({ prefix: ["n"] }, { limit: 20 });
  await Array.fromAsync(page);
  const rest = kv.list({ prefix: ["n"] }, { cursor: page.cursor });

  deepStrictEqual(all.map(({ value }) => value), Array.from({ length: 25 }, (_, n) => n));
  deepStrictEqual(last.map(({ value }) => value), [24, 23]);
  strictEqual((await Array.fromAsync(rest)).length, 5);
});

Deno.test("serveKv() adds numbers, and forgets what has expired", async () => {
  await using server = serveKv();
  using kv = await openRemoteKv(server);

  await kv.atomic().sum(["sum"], 40n).commit();
  await kv.atomic().sum(["sum"], 2n).max(["max"], 7n).min(["min"], 3n).commit();
  await kv.set(["short"], true, { expireIn: 1 });
  while (await isThere(kv, ["short"])) await turn();

  const found = await kv.getMany<Deno.KvU64[]>([["sum"], ["max"], ["min"]]);
  deepStrictEqual(found.map(({ value }) => value?.value), [42n, 7n, 3n]);
});

Deno.test("serveKv() tells who watches of each change", async () => {
  await using server = serveKv();
  using kv = await openRemoteKv(server);
  await kv.set(["a"], 1);
  const reader = kv.watch<number[]>([["a"], ["b"]]).getReader();

  const first = await reader.read();
  await kv.set(["b"], 2);
  const second = await reader.read();
  await kv.delete(["a"]);
  const third = await reader.read();
  await reader.cancel();

  // Deno 2.9 shows null for the keys of a remote KV that did not change.
  deepStrictEqual(first.value?.map(({ value }) => value), [1, null]);
  strictEqual(second.value?.[1].value, 2);
  strictEqual(third.value?.[0].value, null);
});

Deno.test("serveKv() refuses a wrong token", async () => {
  await using server = serveKv();

  await rejects(openRemoteKv({ ...server, token: "wrong" }), /token is not valid/);
});

Deno.test("serveKv() keeps to the published limits", async () => {
  await using server = serveKv();
  const { store } = server;
  const key = (index: number) => new Uint8Array([2, index, 0]);
  const mutation = (index: number, bytes: number) => ({
    type: "set" as const,
    key: key(index),
    value: new Uint8Array(bytes),
    encoding: 3,
    expireAt: 0,
  });
  const checks = Array.from({ length: 11 }, (_, index) => ({
    key: key(index),
    versionstamp: new Uint8Array(),
  }));
  const large = Array.from({ length: 13 }, (_, index) => mutation(index, 65_536));
  const many = Array.from({ length: 1_001 }, () => mutation(1, 1));
  const refused = [
    () => store.write(checks, []),
    () => store.write([], large),
    () => store.write([], many),
    () => store.write([], [mutation(1, 65_537)]),
    () => store.write([], [{ ...mutation(1, 1), key: new Uint8Array(2_049) }]),
  ];

  const said = refused.map((write) => {
    try {
      return String(write());
    } catch (error) {
      return error instanceof RangeError;
    }
  });

  deepStrictEqual(said, refused.map(() => true));
  strictEqual("failed" in store.write(checks.slice(1), large.slice(1)), false);
});

Deno.test("serveKv() keeps its data in a file", async () => {
  const folder = await Deno.makeTempDir({ prefix: "airlock-test-" });
  const path = `${folder}/kv.db`;
  {
    await using server = serveKv({ path });
    using kv = await openRemoteKv(server);
    await kv.set(["a"], 1);
  }
  {
    await using server = serveKv({ path });
    using kv = await openRemoteKv(server);
    strictEqual((await kv.get(["a"])).value, 1);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("serveKv(): a client waits while the server is away for a moment", async () => {
  await using server = serveKv();
  using kv = await openRemoteKv(server);
  await kv.set(["a"], 1);
  const asked = server.requests.get("/v2/snapshot_read") ?? 0;

  server.setAway(true);
  const read = kv.get(["a"]);
  while ((server.requests.get("/v2/snapshot_read") ?? 0) === asked) await turn();
  server.setAway(false);

  strictEqual((await read).value, 1);
});

async function isThere(kv: Deno.Kv, key: Deno.KvKey): Promise<boolean> {
  return (await kv.get(key)).versionstamp !== null;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
