import { deepStrictEqual, strictEqual } from "assert";
import type { RunReport } from "../../src/runs/report.ts";
import { newRunId } from "../../src/runs/run_id.ts";
import { RunRecord } from "../../src/runs/run_record.ts";
import { RunStore } from "../../src/runs/run_store.ts";

Deno.test("RunStore keeps a report of any size, for its principal alone", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new RunStore(kv);
  const report = newReport("run_1", { result: "ü".repeat(500_000) });

  await store.begin("a", newReport("run_1"));
  await store.end("a", report);

  deepStrictEqual(await store.report("a", "run_1"), report);
  strictEqual(await store.report("b", "run_1"), undefined);
});

Deno.test("RunStore lists newest first, page by page, without logs and calls", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new RunStore(kv);
  const ids = [1, 2, 3].map((at) => newRunId(at * 1_000));
  for (const id of ids) await store.end("a", newReport(id));

  const first = await store.list("a", { limit: 2 });
  const second = await store.list("a", { limit: 2, cursor: first.cursor });

  deepStrictEqual([...first.items, ...second.items].map(({ id }) => id), ids.toReversed());
  strictEqual("logs" in first.items[0], false);
  strictEqual(second.cursor, undefined);
});

Deno.test("RunStore finds what an earlier server left under way, once", async () => {
  using kv = await Deno.openKv(":memory:");
  await new RunStore(kv).begin("a", newReport("run_1"));
  const store = new RunStore(kv);

  const [{ principal, report }, ...others] = await store.live();
  await store.end(principal, { ...report, status: "failed" });

  deepStrictEqual([others, await store.live()], [[], []]);
  strictEqual((await store.report("a", "run_1"))?.status, "failed");
});

Deno.test("RunStore begins the first request under a key only, until it expires", async () => {
  using kv = await Deno.openKv(":memory:");
  let now = 0;
  const store = new RunStore(kv, () => now);
  const begin = (principal: string, run: string) =>
    store.begin(principal, newReport(run), { key: "k", hash: `hash of ${run}` });

  const first = await begin("a", "run_1");
  const second = await begin("a", "run_2");
  const ofAnother = await begin("b", "run_3");
  now = 25 * 60 * 60 * 1_000;
  const later = await begin("a", "run_4");

  deepStrictEqual([first, ofAnother, later], [undefined, undefined, undefined]);
  deepStrictEqual([second?.run, second?.request], ["run_1", "hash of run_1"]);
  strictEqual((await store.live()).length, 3);
});

Deno.test("RunStore begins one of many under a key that come at once", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new RunStore(kv);

  const earlier = await Promise.all(
    Array.from(
      { length: 20 },
      (_, i) => store.begin("a", newReport(`run_${i}`), { key: "k", hash: "" }),
    ),
  );

  strictEqual(earlier.filter((one) => one === undefined).length, 1);
  strictEqual(new Set(earlier.flatMap((one) => one?.run ?? [])).size, 1);
});

function newReport(id: string, overrides: Partial<RunReport> = {}): RunReport {
  return { ...new RunRecord(id, "a", 0).report, status: "succeeded", ...overrides };
}
