import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import * as fc from "fast-check";
import { Instance } from "../../src/storage/instance.ts";
import { type Owned, Ownership, type OwnershipClaim } from "../../src/storage/ownership.ts";

const key = ["owner", "agent", "local", "ada"];

Deno.test("Ownership.claim() takes what is free, and tells another where it is", async () => {
  using kv = await Deno.openKv(":memory:");
  await using one = await Instance.open(kv, { url: "http://127.0.0.1:1" });
  await using two = await Instance.open(kv);

  const first = await new Ownership(kv, one).claim(key);
  const second = await new Ownership(kv, two).claim(key);

  strictEqual(ownedOf(first).epoch, 1);
  deepStrictEqual(second, { type: "elsewhere", instance: one.id, url: "http://127.0.0.1:1" });
});

Deno.test("Ownership.elsewhere() names another living owner alone", async () => {
  using kv = await Deno.openKv(":memory:");
  await using one = await Instance.open(kv, { url: "http://127.0.0.1:1" });
  await using two = await Instance.open(kv);
  const [own, others] = [new Ownership(kv, one), new Ownership(kv, two)];

  const whileFree = await others.elsewhere(key);
  await own.claim(key);
  const found = [await own.elsewhere(key), await others.elsewhere(key)];
  await one[Symbol.asyncDispose]();

  strictEqual(whileFree, undefined);
  deepStrictEqual(found, [undefined, { instance: one.id, url: "http://127.0.0.1:1" }]);
  strictEqual(await others.elsewhere(key), undefined);
});

Deno.test("Ownership.claim() takes over from a dead server, whose writes fail from then on", async () => {
  using kv = await Deno.openKv(":memory:");
  let at = 0;
  const now = () => at;
  await using one = await Instance.open(kv, { now });
  const before = ownedOf(await new Ownership(kv, one).claim(key));
  at = 15_000;
  await using two = await Instance.open(kv, { now });

  const after = ownedOf(await new Ownership(kv, two).claim(key));

  strictEqual(after.epoch, 2);
  strictEqual(await canWrite(kv, before), false);
  strictEqual(await canWrite(kv, after), true);
});

Deno.test("Ownership.claim() leaves it to an owner that gives a sign of life at the last moment", async () => {
  using kv = await Deno.openKv(":memory:");
  let at = 0;
  await using one = await Instance.open(kv, { now: () => at });
  const before = ownedOf(await new Ownership(kv, one).claim(key));
  at = 11_000;
  await using two = await Instance.open(kv, { now: () => at + 5_000 });
  // Between the moment at which the row is seen too old and the commit.
  const renewing = beforeCommit(kv, () => one.renew());

  const claim = await new Ownership(renewing, two).claim(key);

  strictEqual(claim.type, "elsewhere");
  strictEqual(await canWrite(kv, before), true);
});

Deno.test("Ownership: release() frees it at once, and does not touch a later owner's", async () => {
  using kv = await Deno.openKv(":memory:");
  await using one = await Instance.open(kv);
  await using two = await Instance.open(kv);
  const first = ownedOf(await new Ownership(kv, one).claim(key));

  await first.release();
  const second = ownedOf(await new Ownership(kv, two).claim(key));
  await first.release();

  strictEqual(await canWrite(kv, first), false);
  strictEqual(await canWrite(kv, second), true);
});

Deno.test("Ownership.claim() throws where the server has lost its own place", async () => {
  using kv = await Deno.openKv(":memory:");
  let at = 0;
  await using one = await Instance.open(kv, { now: () => at });
  at = 60_000;
  await one.renew();

  await rejects(new Ownership(kv, one).claim(key), { code: "shutting_down" });
});

type Step =
  | { do: "claim" | "release" | "renew"; by: number }
  | { do: "wait"; ms: number };

const by = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("claim" as const), by }) },
  fc.record({ do: fc.constant("release" as const), by }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant("renew" as const), by }) },
  fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1_000, max: 20_000 }) }),
);

Deno.test("Ownership: however servers interleave, never do the writes of two owners succeed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
      // Each server's clock is off by a little.
      fc.tuple(fc.nat(2_900), fc.nat(2_900), fc.nat(2_900)),
      async (groups, skews) => {
        using kv = await Deno.openKv(":memory:");
        let at = 100_000;
        await using stack = new AsyncDisposableStack();
        const servers = await Promise.all(skews.map(async (skew) => {
          const instance = stack.use(await Instance.open(kv, { now: () => at + skew }));
          return { instance, ownership: new Ownership(kv, instance) };
        }));
        const all: Owned[] = [];
        for (const group of groups) {
          await Promise.all(group.map(async (one) => {
            if (one.do === "wait") return void (at += one.ms);
            const { instance, ownership } = servers[one.by];
            if (one.do === "renew") return await instance.renew();
            if (one.do === "release") return await all[one.by]?.release();
            if (instance.lost.aborted) return;
            const claim = await ownership.claim(key).catch(() => undefined);
            if (claim?.type === "owned") all.push(claim.owned);
          }));
          const canAll = await Promise.all(all.map((owned) => canWrite(kv, owned)));
          ok(canAll.filter(Boolean).length <= 1);
        }
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("Ownership: no living server's things are taken, whatever the others do", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      using kv = await Deno.openKv(":memory:");
      let at = 0;
      await using stack = new AsyncDisposableStack();
      const now = () => at;
      const servers = await Promise.all([0, 1, 2].map(async () => {
        const instance = stack.use(await Instance.open(kv, { now }));
        return { instance, ownership: new Ownership(kv, instance) };
      }));
      const owned = ownedOf(await servers[0].ownership.claim(key));

      for (const one of steps) {
        if (one.do === "wait") at += Math.min(one.ms, 11_000);
        await servers[0].instance.renew();
        if (one.do === "renew") await servers[one.by].instance.renew();
        if (one.do !== "claim" || one.by === 0) continue;
        if (!servers[one.by].instance.lost.aborted) {
          await servers[one.by].ownership.claim(key).catch(() => undefined);
        }
      }

      strictEqual(await canWrite(kv, owned), true);
    }),
    { numRuns: 100 },
  );
});

async function canWrite(kv: Deno.Kv, owned: Owned): Promise<boolean> {
  return (await owned.fence(kv.atomic()).set(["written"], true).commit()).ok;
}

function ownedOf(claim: OwnershipClaim): Owned {
  if (claim.type === "owned") return claim.owned;
  throw new Error(`It belongs to ${claim.instance}`);
}

/** A KV that does something once, before its first commit. */
function beforeCommit(kv: Deno.Kv, act: () => Promise<void>): Deno.Kv {
  let isDone = false;
  return new Proxy(kv, {
    get(target, name) {
      if (name !== "atomic") {
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      }
      return () => {
        const atomic = target.atomic();
        const commit = atomic.commit.bind(atomic);
        atomic.commit = async () => {
          if (!isDone) await act();
          isDone = true;
          return await commit();
        };
        return atomic;
      };
    },
  });
}
