import { deepStrictEqual, rejects } from "assert";
import { GroupCommit } from "../../src/runs/group_commit.ts";

Deno.test("GroupCommit writes what arrives during a commit together in the next one", async () => {
  using kv = await Deno.openKv(":memory:");
  const commits = new GroupCommit(kv);
  const ids = [1, 2, 3, 4];

  await Promise.all(ids.map((id) => commits.write((commit) => commit.set(["run", id], id))));

  const entries = await Array.fromAsync(kv.list<number>({ prefix: ["run"] }));
  const stamps = entries.map(({ versionstamp }) => versionstamp);
  deepStrictEqual(entries.map(({ value }) => value), ids);
  deepStrictEqual(stamps.map((stamp) => stamps.indexOf(stamp)), [0, 1, 1, 1]);
});

Deno.test("GroupCommit keeps the order of changes to one key, however many there are", async () => {
  using kv = await Deno.openKv(":memory:");
  const commits = new GroupCommit(kv);
  const writes = Array.from({ length: 50 }, (_, at) => at);

  await Promise.all(writes.map((at) => commits.write((commit) => commit.set(["last"], at))));

  deepStrictEqual((await kv.get(["last"])).value, 49);
});

Deno.test("GroupCommit goes on after a commit that failed", async () => {
  using kv = await Deno.openKv(":memory:");
  const commits = new GroupCommit(kv);
  const tooLong = "x".repeat(70_000);

  await rejects(commits.write((commit) => commit.set(["long"], tooLong)), TypeError);
  await commits.write((commit) => commit.set(["short"], 1));

  deepStrictEqual((await kv.get(["short"])).value, 1);
});

Deno.test("GroupCommit takes twelve changes of the largest size in one commit", async () => {
  using kv = await Deno.openKv(":memory:");
  const commits = new GroupCommit(kv);
  const bytes = new Uint8Array(48 * 1_024);
  const ids = Array.from({ length: 25 }, (_, at) => at);

  await Promise.all(ids.map((id) => commits.write((commit) => commit.set(["run", id], bytes))));

  const entries = await Array.fromAsync(kv.list({ prefix: ["run"] }));
  deepStrictEqual(entries.length, ids.length);
});
