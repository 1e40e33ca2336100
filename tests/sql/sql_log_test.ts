import { deepStrictEqual, rejects, strictEqual } from "assert";
import type { SqlWritten } from "../../src/protocol/sql_messages.ts";
import { needsSnapshot, SqlLog } from "../../src/sql/sql_log.ts";

const snapshot = (...bytes: number[]): SqlWritten => ({ kind: "snapshot", bytes: base64(bytes) });
const changes = (...bytes: number[]): SqlWritten => ({ kind: "changes", bytes: base64(bytes) });

Deno.test("SqlLog gives back the snapshot and all changes since, in order", async () => {
  using kv = await Deno.openKv(":memory:");
  const log = new SqlLog(kv);
  await log.write("a", await log.find("a"), snapshot(1));
  await log.write("a", await log.find("a"), changes(2));
  await log.write("a", await log.find("a"), snapshot(3));
  for (let i = 0; i < 12; i++) await log.write("a", await log.find("a"), changes(i));

  const loaded = await log.load("a", await log.find("a"));

  deepStrictEqual(loaded, {
    snapshot: Uint8Array.of(3),
    changesets: Array.from({ length: 12 }, (_, i) => Uint8Array.of(i)),
  });
});

Deno.test("SqlLog.write() gives the version that find() finds, and lets one of two writers through", async () => {
  using kv = await Deno.openKv(":memory:");
  const log = new SqlLog(kv);
  const first = await log.write("a", await log.find("a"), snapshot(1));
  const kept = await log.find("a");

  const both = await Promise.all([
    log.write("a", kept, changes(2)),
    log.write("a", kept, snapshot(3)),
  ]);

  strictEqual(kept.version, first);
  deepStrictEqual(both.filter((version) => version !== undefined).length, 1);
  strictEqual(await log.load("a", kept), undefined);
});

Deno.test("SqlLog.write() writes nothing where its fence does not hold", async () => {
  using kv = await Deno.openKv(":memory:");
  const log = new SqlLog(kv);
  const fence = (commit: Deno.AtomicOperation) =>
    commit.check({ key: ["x"], versionstamp: "00000000000000000001" });
  const none = await log.find("a");

  strictEqual(await log.write("a", none, snapshot(1), fence), undefined);
  deepStrictEqual(await log.find("a"), { version: null });
});

Deno.test("SqlLog.delete() leaves nothing behind", async () => {
  using kv = await Deno.openKv(":memory:");
  const log = new SqlLog(kv);
  await log.write("a", await log.find("a"), {
    kind: "snapshot",
    bytes: crypto.getRandomValues(new Uint8Array(60_000)).toBase64(),
  });
  await log.write("a", await log.find("a"), changes(2));

  await log.delete("a");

  deepStrictEqual(await Array.fromAsync(kv.list({ prefix: [] })), []);
});

Deno.test("SqlLog.load() refuses a database whose parts are missing", async () => {
  using kv = await Deno.openKv(":memory:");
  const log = new SqlLog(kv);
  await log.write("a", await log.find("a"), snapshot(1));
  await log.write("a", await log.find("a"), changes(2));
  await kv.delete(["sql_change", "a", 0]);

  await rejects(log.load("a", await log.find("a")), TypeError);
});

Deno.test("needsSnapshot() for what is new, long, or larger than its snapshot", () => {
  const head = { changes: 1, logBytes: 300_000, snapshotBytes: 400_000 };

  deepStrictEqual(
    [
      needsSnapshot({ version: null }),
      needsSnapshot({ version: "1", head }),
      needsSnapshot({ version: "1", head: { ...head, changes: 100 } }),
      needsSnapshot({ version: "1", head: { ...head, logBytes: 400_001 } }),
      needsSnapshot({ version: "1", head: { ...head, logBytes: 200_000, snapshotBytes: 1 } }),
    ],
    [true, false, true, true, false],
  );
});

function base64(bytes: number[]): string {
  return Uint8Array.from(bytes).toBase64();
}
