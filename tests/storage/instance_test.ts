import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import { Instance } from "../../src/storage/instance.ts";

Deno.test("Instance.open() is seen alive by others, with its address, until its row is too old", async () => {
  using kv = await Deno.openKv(":memory:");
  let at = 1_000;
  const now = () => at;
  await using other = await Instance.open(kv, { now });
  await using instance = await Instance.open(kv, { now, url: "http://127.0.0.1:1" });

  const { isAlive, url } = await other.find(instance.id);
  at += 14_999;
  const isAliveLate = await other.isAlive(instance.id);
  at += 1;

  deepStrictEqual([isAlive, url, isAliveLate], [true, "http://127.0.0.1:1", true]);
  strictEqual(await other.isAlive(instance.id), false);
});

Deno.test("Instance.renew() keeps it alive past its first lease", async () => {
  using kv = await Deno.openKv(":memory:");
  let at = 0;
  const now = () => at;
  await using instance = await Instance.open(kv, { now });
  await using other = await Instance.open(kv, { now });

  for (; at < 60_000; at += 5_000) await instance.renew();

  ok(await other.isAlive(instance.id));
  strictEqual(instance.lost.aborted, false);
});

Deno.test("Instance.setUrl() tells the others a new address", async () => {
  using kv = await Deno.openKv(":memory:");
  await using instance = await Instance.open(kv);
  await using other = await Instance.open(kv);

  await instance.setUrl("http://127.0.0.1:8787");

  strictEqual((await other.find(instance.id)).url, "http://127.0.0.1:8787");
});

Deno.test("Instance: an address in its row that is no HTTP address counts for nothing", async () => {
  using kv = await Deno.openKv(":memory:");
  await using instance = await Instance.open(kv);
  await kv.set(["instance", "srv_x"], { expiresAt: Infinity, url: "file:///etc/passwd" });

  const { isAlive, url } = await instance.find("srv_x");

  deepStrictEqual([isAlive, url], [false, undefined]);
});

Deno.test("Instance: disposing of it removes its row", async () => {
  using kv = await Deno.openKv(":memory:");
  await using other = await Instance.open(kv);
  const instance = await Instance.open(kv);

  await instance[Symbol.asyncDispose]();

  strictEqual(await other.isAlive(instance.id), false);
  strictEqual(instance.lost.aborted, true);
});

Deno.test("Instance: exclusive removes what dead processes left, and writes nothing", async () => {
  using kv = await Deno.openKv(":memory:");
  let at = 0;
  const now = () => at;
  await using before = await Instance.open(kv, { now });

  await using instance = await Instance.open(kv, { exclusive: true, now });
  await instance.setUrl("http://127.0.0.1:1");
  at += 3_600_000;
  await instance.renew();

  strictEqual(await instance.isAlive(before.id), false);
  strictEqual(await instance.isAlive(instance.id), true);
  deepStrictEqual(await Array.fromAsync(kv.list({ prefix: ["instance"] })), []);
});

Deno.test("Instance: heartbeats that fail for a while are survived, until the lease is over", async () => {
  using kv = await Deno.openKv(":memory:");
  let at = 0;
  let isAway = false;
  const flaky = withSet(kv, () => {
    if (isAway) throw new Error("database is locked");
  });
  await using instance = await Instance.open(flaky, { now: () => at });

  isAway = true;
  for (at = 3_000; at < 12_000; at += 3_000) await instance.renew();
  const wasLost = instance.lost.aborted;
  isAway = false;
  at = 11_000;
  await instance.renew();
  at = 20_000;
  await instance.renew();
  const isLostAfterRenewal = instance.lost.aborted;
  isAway = true;
  at = 33_000;
  await instance.renew();

  deepStrictEqual([wasLost, isLostAfterRenewal], [false, false]);
  strictEqual(instance.lost.aborted, true);
  await rejects(Instance.open(flaky), /locked/);
});

Deno.test("Instance: lost fires by itself before others see it dead, where a write does not come back", async () => {
  using kv = await Deno.openKv(":memory:");
  const away = Promise.withResolvers<void>();
  let isAway = false;
  const hanging = withSet(kv, () => isAway ? away.promise : undefined);
  await using other = await Instance.open(kv);
  await using instance = await Instance.open(hanging, { ttlMs: 1_000 });
  isAway = true;

  const lost = Promise.withResolvers<void>();
  instance.lost.addEventListener("abort", () => lost.resolve());
  await lost.promise;

  strictEqual(await other.isAlive(instance.id), true);
  away.resolve();
});

Deno.test("Instance: a process that slept too long gives itself up before it writes again", async () => {
  using kv = await Deno.openKv(":memory:");
  let at = 0;
  let writes = 0;
  const counting = withSet(kv, () => void writes++);
  await using instance = await Instance.open(counting, { now: () => at });

  at = 100_000;
  await instance.renew();

  deepStrictEqual([instance.lost.aborted, writes], [true, 1]);
});

/** A KV whose `set` does something else first. */
function withSet(kv: Deno.Kv, before: () => Promise<void> | void): Deno.Kv {
  return new Proxy(kv, {
    get(target, name) {
      if (name !== "set") {
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      }
      return async (...given: Parameters<Deno.Kv["set"]>) => {
        await before();
        return await target.set(...given);
      };
    },
  });
}
