import { deepStrictEqual, match, rejects, strictEqual } from "assert";
import { openKv } from "../../src/storage/open_kv.ts";

Deno.test("openKv() keeps values in a folder that it makes for this user only", async () => {
  await using folder = await tempFolder();
  const data = `${folder.path}/deep/data`;
  const first = await openKv({ data });
  await first.set(["a"], 1);
  first.close();

  using second = await openKv({ data });

  strictEqual((await second.get(["a"])).value, 1);
  const modes = [data, `${data}/airlock.db`].map((path) => (Deno.statSync(path).mode ?? 0) & 0o777);
  deepStrictEqual(modes, [0o700, 0o600]);
});

Deno.test("openKv() takes :memory: without touching the data folder", async () => {
  await using folder = await tempFolder();

  using kv = await openKv({ data: `${folder.path}/data`, kv: ":memory:" });

  strictEqual((await kv.get(["a"])).value, null);
  deepStrictEqual(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("openKv() says in one sentence why the data folder cannot be used", async () => {
  await using folder = await tempFolder();
  const file = `${folder.path}/file`;
  await Deno.writeTextFile(file, "");
  const messageFor = (data: string) => messageOf(openKv({ data }));

  const messages = [await messageFor(file), await messageFor(`${file}/data`)];

  deepStrictEqual(messages, [
    `Cannot open data folder "${file}": a file of this name is in its place`,
    `Cannot open data folder "${file}/data": part of its path is a file`,
  ]);
});

Deno.test({
  name: "openKv() says so where permission is denied (Linux: /sys takes no folders)",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await rejects(openKv({ data: "/sys/airlock" }), {
      code: "unavailable",
      message: 'Cannot open data folder "/sys/airlock": permission denied',
    });
  },
});

Deno.test("openKv() says what is wrong with the database", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/airlock.db`;
  await Deno.writeTextFile(path, "hello".repeat(1_000));
  const text = await messageOf(openKv({ data: folder.path }));
  await Deno.remove(path);
  await Deno.mkdir(path);
  const directory = await messageOf(openKv({ data: folder.path }));

  strictEqual(text, `Cannot open database "${path}": the file is not a database`);
  strictEqual(directory, `Cannot open database "${path}": it is not a file`);
});

Deno.test("openKv() names no more of a remote address than its origin", async () => {
  const message = await messageOf(openKv({ data: "/none", kv: "http://u:pw@127.0.0.1:1/x?t=s" }));

  match(message, /^Cannot open remote KV "http:\/\/127\.0\.0\.1:1": /);
});

async function messageOf(work: Promise<Deno.Kv>): Promise<string> {
  try {
    (await work).close();
    return "opened";
  } catch (error) {
    return error instanceof Error ? error.message : "thrown";
  }
}

async function tempFolder() {
  const path = await Deno.makeTempDir();
  return {
    path,
    async [Symbol.asyncDispose]() {
      await Deno.remove(path, { recursive: true });
    },
  };
}
