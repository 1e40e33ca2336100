import { deepStrictEqual, strictEqual } from "assert";
import { ScheduleStore } from "../../src/schedules/schedule_store.ts";

Deno.test("ScheduleStore gives what is due in order of time, whoever owns it", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new ScheduleStore(kv);
  const times: [owner: string, due: number][] = [["b", 3], ["a", 1_000], ["a", 2], ["c", 20]];
  for (const [owner, due] of times) await store.add(owner, `${due}`, { message: "x", due }, 10);

  const due = await Array.fromAsync(store.dueUntil(20), ({ owner, at }) => [owner, at]);

  deepStrictEqual(due, [["a", 2], ["b", 3], ["c", 20]]);
  strictEqual(await store.nextAfter(20), 1_000);
  strictEqual(await store.nextAfter(1_000), undefined);
});

Deno.test("ScheduleStore.advance() lets one of two move a schedule on", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new ScheduleStore(kv);
  await store.add("a", "id", { message: "x", due: 1, cron: "* * * * *" }, 10);
  const [place] = await Array.fromAsync(store.dueUntil(1));
  const found = await store.find("a", "id");
  if (found === undefined) throw new Error("There is no schedule");
  const advance = (n: number) =>
    store.advance(place, found, 60_000, (commit) => commit.set(["fired", n], true));

  const done = await Promise.all([advance(1), advance(2)]);

  deepStrictEqual(done.toSorted(), [false, true]);
  strictEqual((await Array.fromAsync(kv.list({ prefix: ["fired"] }))).length, 1);
  strictEqual((await store.find("a", "id"))?.row.due, 60_000);
});
