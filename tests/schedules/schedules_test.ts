import { deepStrictEqual, ok, rejects, strictEqual, throws } from "assert";
import fc from "fast-check";
import { type DueSchedule, type FireSchedule, Schedules } from "../../src/schedules/schedules.ts";

const start = Date.UTC(2026, 10, 23);
const hour = 3_600_000;

/** Adds a row for each due time, as a mailbox would. */
const mail: FireSchedule = (owner, due) => (commit) =>
  commit.set(["mail", owner, due.key, crypto.randomUUID()], due);

Deno.test("Schedules gives a schedule its id and next time, and lists it in order", async () => {
  using kv = await Deno.openKv(":memory:");
  await using schedules = new Schedules(kv, { now: () => start });

  const daily = await schedules.add("a", { cron: "0 9 * * *", message: "report" });
  const soon = await schedules.add("a", { delayMs: 1_000, message: "soon" });
  await schedules.add("b", { delayMs: 1_000, message: "other" });

  strictEqual(daily.next, "2026-11-23T09:00:00.000Z");
  deepStrictEqual(await schedules.list("a"), [
    { id: soon.id, message: "soon", next: "2026-11-23T00:00:01.000Z" },
    { ...daily, message: "report", cron: "0 9 * * *", timeZone: "UTC" },
  ]);
});

Deno.test("Schedules fires a due time once, with the commit that moves it on", async () => {
  using kv = await Deno.openKv(":memory:");
  let now = start;
  await using schedules = new Schedules(kv, { now: () => now });
  const fired: DueSchedule[] = [];
  schedules.start(mail, (_owner, due) => void fired.push(due));
  const { id, next } = await schedules.add("a", { delayMs: 1_000, message: "soon" });

  now += 999;
  await schedules.tick();
  const early = fired.length;
  now += 1;
  await schedules.tick();
  await schedules.tick();

  const due = { id, key: `${id}@${next}`, message: "soon", due: next, late: false, missed: 0 };
  strictEqual(early, 0);
  deepStrictEqual(fired, [due]);
  deepStrictEqual(await mailOf(kv), [due]);
  deepStrictEqual(await keysOf(kv), [["schedule_state", "a"]]);
});

Deno.test("Schedules fires what was missed once, late, and says how much that was", async () => {
  using kv = await Deno.openKv(":memory:");
  {
    await using before = new Schedules(kv, { now: () => start });
    await before.add("a", { cron: "0 * * * *", message: "hourly" });
    await before.add("a", { at: "2026-11-23T02:00:00Z", message: "once" });
  }
  const later = start + 5.5 * hour;
  await using schedules = new Schedules(kv, { now: () => later });
  schedules.start(mail);
  await schedules.tick();

  const sent = (await mailOf(kv)).map(({ message, due, late, missed }) => [
    message,
    due,
    late,
    missed,
  ]).sort();
  deepStrictEqual(sent, [
    ["hourly", "2026-11-23T01:00:00.000Z", true, 4],
    ["once", "2026-11-23T02:00:00.000Z", true, 0],
  ]);
  const [left, ...others] = await schedules.list("a");
  deepStrictEqual([left.next, others], ["2026-11-23T06:00:00.000Z", []]);
});

Deno.test("Schedules fires each due time once, however many servers there are", async () => {
  const delays = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 12 });
  const steps = fc.array(fc.integer({ min: 100, max: 3_000 }), { minLength: 1, maxLength: 4 });

  await fc.assert(
    fc.asyncProperty(delays, steps, async (delays, steps) => {
      using kv = await Deno.openKv(":memory:");
      let now = start;
      await using one = new Schedules(kv, { now: () => now });
      await using two = new Schedules(kv, { now: () => now });
      for (const delayMs of delays) {
        await one.add(`owner ${delayMs % 3}`, { delayMs, message: "x" });
      }
      await one.add("cron", { cron: "* * * * *", message: "x" });
      one.start(mail);
      two.start(mail);
      for (const step of [...steps, 60_000]) {
        now += step;
        await Promise.all([one.tick(), two.tick()]);
      }

      const sent = (await mailOf(kv)).map(({ key }) => key);
      strictEqual(new Set(sent).size, sent.length);
      strictEqual(sent.length, delays.length + 1);
    }),
    { numRuns: 15 },
  );
});

Deno.test("Schedules leaves a due time where it is while its hook throws or its check fails", async () => {
  using kv = await Deno.openKv(":memory:");
  await using schedules = new Schedules(kv, { now: () => start });
  let tries = 0;
  schedules.start((owner, due) => {
    tries++;
    if (tries === 1) throw new Error("The mailbox is full");
    if (tries === 2) {
      return (commit) => commit.check({ key: ["gone"], versionstamp: "00000000000000000001" });
    }
    return mail(owner, due);
  });
  await schedules.add("a", { delayMs: 0, message: "now" });
  await schedules.tick();
  while ((await mailOf(kv)).length === 0) await schedules.tick();

  strictEqual(tries, 3);
});

Deno.test("Schedules wakes by itself for what is added, and for the time after", async () => {
  using kv = await Deno.openKv(":memory:");
  await using schedules = new Schedules(kv);
  const fired: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  schedules.start(mail, (_owner, { message }) => {
    if (fired.push(message) === 2) resolve();
  });

  await schedules.add("a", { delayMs: 40, message: "second" });
  await schedules.add("a", { delayMs: 10, message: "first" });
  await promise;

  deepStrictEqual(fired, ["first", "second"]);
});

Deno.test("Schedules sees what another server added at its slow tick", async () => {
  using kv = await Deno.openKv(":memory:");
  await using here = new Schedules(kv, { tickMs: 5 });
  await using there = new Schedules(kv);
  const { promise, resolve } = Promise.withResolvers<string>();
  here.start(mail, (_owner, { message }) => resolve(message));

  await there.add("a", { delayMs: 1, message: "from there" });

  strictEqual(await promise, "from there");
});

Deno.test("Schedules forgets one schedule, or all of an owner", async () => {
  using kv = await Deno.openKv(":memory:");
  let now = start;
  await using schedules = new Schedules(kv, { now: () => now });
  const { id } = await schedules.add("a", { delayMs: 1, message: "x" });
  await schedules.add("a", { cron: "* * * * *", message: "x" });
  await schedules.add("b", { delayMs: 1, message: "kept" });

  strictEqual(await schedules.delete("b", id), false);
  strictEqual(await schedules.delete("a", id), true);
  strictEqual(await schedules.delete("a", id), false);
  await schedules.deleteAll("a");
  now += 100_000;
  schedules.start(mail);
  await schedules.tick();

  deepStrictEqual(await schedules.list("a"), []);
  deepStrictEqual((await mailOf(kv)).map(({ message }) => message), ["kept"]);
});

Deno.test("Schedules refuses one too many, also of several at once", async () => {
  using kv = await Deno.openKv(":memory:");
  await using schedules = new Schedules(kv, { now: () => start, maxPerOwner: 3 });
  const adding = Array.from({ length: 6 }, () => schedules.add("a", { delayMs: 1, message: "x" }));
  const settled = await Promise.allSettled(adding);

  strictEqual(settled.filter(({ status }) => status === "fulfilled").length, 3);
  await rejects(schedules.add("a", { delayMs: 1, message: "x" }), {
    code: "conflict",
    message: "Cannot add a schedule: there are 3 already",
  });
});

Deno.test("Schedules.start() reads one row, however many there are", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = new Schedules(kv, { now: () => start, maxPerOwner: 1_000 });
  for (let i = 0; i < 300; i++) await writer.add("a", { delayMs: 1_000 + i, message: "x" });
  let read = 0;
  const counting: Deno.Kv = new Proxy(kv, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (name !== "list") return typeof value === "function" ? value.bind(target) : value;
      return async function* (...given: Parameters<Deno.Kv["list"]>) {
        for await (const entry of target.list(...given)) {
          read++;
          yield entry;
        }
      };
    },
  });
  await using schedules = new Schedules(counting, { now: () => start });
  schedules.start(mail);
  await schedules.tick();

  ok(read <= 2, `${read} rows`);
});

Deno.test("Schedules cannot be started twice", async () => {
  using kv = await Deno.openKv(":memory:");
  await using schedules = new Schedules(kv, { now: () => start });
  schedules.start(mail);

  throws(() => schedules.start(mail), TypeError);
});

async function mailOf(kv: Deno.Kv): Promise<DueSchedule[]> {
  return await Array.fromAsync(kv.list<DueSchedule>({ prefix: ["mail"] }), ({ value }) => value);
}

async function keysOf(kv: Deno.Kv): Promise<Deno.KvKey[]> {
  const all = await Array.fromAsync(kv.list({ prefix: [] }), ({ key }) => key);
  return all.filter(([kind]) => kind !== "mail");
}
