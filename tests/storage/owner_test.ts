import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import process from "node:process";
import { z } from "zod";
import { claimDataFolder } from "../../src/storage/owner.ts";

const address = { url: "http://127.0.0.1:8787/", token: "t".repeat(32), pid: 7, version: "0.1.0" };

Deno.test("claimDataFolder() makes the first one owner and gives the second its address", async () => {
  await using folder = await tempFolder();
  await using first = await claimDataFolder(folder.data).then(assertOwner);
  await first.publish(address);

  const second = await claimDataFolder(folder.data);

  deepStrictEqual(second, { owner: false, address });
});

Deno.test({
  name: "claimDataFolder() keeps the address from other users (Windows has no modes)",
  ignore: Deno.build.os === "windows",
  fn: addressIsPrivate,
});

async function addressIsPrivate() {
  await using folder = await tempFolder();
  await using claim = await claimDataFolder(folder.data).then(assertOwner);
  await claim.publish(address);
  await claim.publish({ ...address, url: "http://127.0.0.1:9999/" });

  const modes = ["", "/owner.json", "/owner.lock", "/claim.lock"]
    .map((name) => Deno.statSync(folder.data + name).mode ?? 0)
    .map((mode) => (mode & 0o777).toString(8));

  deepStrictEqual(modes, ["700", "600", "600", "600"]);
}

Deno.test("claimDataFolder() frees the folder when it is disposed of", async () => {
  await using folder = await tempFolder();
  const first = await claimDataFolder(folder.data).then(assertOwner);
  await first.publish(address);
  await first[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();

  await using second = await claimDataFolder(folder.data).then(assertOwner);

  ok(second.owner);
  await rejects(first.publish(address), TypeError);
});

Deno.test("claimDataFolder() waits for the address of an owner that is still starting", async () => {
  await using folder = await tempFolder();
  await using first = await claimDataFolder(folder.data).then(assertOwner);

  const waiting = claimDataFolder(folder.data);
  await rejects(claimDataFolder(folder.data, { timeoutMs: 20 }), {
    code: "unavailable",
    message: `Cannot open data folder "${folder.data}": ` +
      "its owner has not said in time where it listens",
  });
  await first.publish(address);

  deepStrictEqual(await waiting, { owner: false, address });
});

Deno.test("claimDataFolder() takes over while it waits, when the owner gives up", async () => {
  await using folder = await tempFolder();
  const first = await claimDataFolder(folder.data).then(assertOwner);

  const waiting = claimDataFolder(folder.data);
  await first[Symbol.asyncDispose]();

  await using second = await waiting.then(assertOwner);
  ok(second.owner);
});

Deno.test("claimDataFolder() by racing processes makes exactly one of them owner", async () => {
  await using folder = await tempFolder();
  await using processes = claimers();

  const found = await Promise.all(
    Array.from({ length: 4 }, () => processes.start(folder.data, "publish")),
  );

  const owners = found.filter(({ owner }) => owner);
  const named = found.filter(({ owner }) => !owner).map(({ address }) => address?.pid);
  strictEqual(owners.length, 1);
  deepStrictEqual(named, [owners[0].pid, owners[0].pid, owners[0].pid]);
});

Deno.test("claimDataFolder() never believes the address of an owner that was killed", async () => {
  await using folder = await tempFolder();
  await using processes = claimers();
  const dead = await processes.start(folder.data, "publish");
  await processes.kill();
  ok((await Deno.readTextFile(`${folder.data}/owner.json`)).includes(`"pid":${dead.pid}`));

  const silent = await processes.start(folder.data, "silent");

  ok(silent.owner);
  await rejects(claimDataFolder(folder.data, { timeoutMs: 50 }), { code: "unavailable" });
});

Deno.test("claimDataFolder() takes a killed owner's folder while a child of it lives on", async () => {
  await using folder = await tempFolder();
  await using processes = claimers();
  const { child } = await processes.start(folder.data, "parent");
  await processes.kill();

  await using claim = await claimDataFolder(folder.data).then(assertOwner);

  ok(claim.owner);
  ok(child !== undefined && process.kill(child, 0));
});

Deno.test("claimDataFolder() waits on an address that is not readable JSON", async () => {
  await using folder = await tempFolder();
  await using _owner = await claimDataFolder(folder.data).then(assertOwner);
  await Deno.writeTextFile(`${folder.data}/owner.json`, '{"url":"http://127.0.0.1');
  await rejects(claimDataFolder(folder.data, { timeoutMs: 1 }), { code: "unavailable" });

  await Deno.writeTextFile(`${folder.data}/owner.json`, '{"url":"file:///etc/passwd"}');
  await rejects(claimDataFolder(folder.data, { timeoutMs: 1 }), { code: "unavailable" });
});

Deno.test("claimDataFolder() says why a folder cannot be used", async () => {
  await using folder = await tempFolder();
  await Deno.writeTextFile(`${folder.data}-file`, "");
  await Deno.mkdir(`${folder.data}/owner.lock`, { recursive: true });

  await rejects(claimDataFolder(`${folder.data}-file`), {
    code: "unavailable",
    message: `Cannot open data folder "${folder.data}-file": a file of this name is in its place`,
  });
  await rejects(claimDataFolder(folder.data), { code: "unavailable" });
});

const found = z.object({
  owner: z.boolean(),
  pid: z.number().optional(),
  child: z.number().optional(),
  address: z.object({ pid: z.number() }).optional(),
});

/** Starts processes that claim a folder; ends those that are left. */
function claimers() {
  const children: Deno.ChildProcess[] = [];
  const ended: Deno.ChildProcess[] = [];
  return {
    async start(data: string, mode: "publish" | "silent" | "parent") {
      const script = new URL("owner_process.ts", import.meta.url).pathname;
      const config = new URL("../../deno.json", import.meta.url).pathname;
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-lock", "--config", config, script, data, mode],
        stdin: "piped",
        stdout: "piped",
      }).spawn();
      children.push(child);
      return found.parse(JSON.parse(await firstLine(child.stdout)));
    },
    /** Kills them all, as `kill -9` does. */
    async kill() {
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(children.map((child) => child.status));
      ended.push(...children.splice(0));
    },
    /** Kills those that are left, and ends the input that children of theirs live by. */
    async [Symbol.asyncDispose]() {
      await this.kill();
      for (const child of ended) await child.stdin.abort();
    },
  };
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  return text.split("\n")[0];
}

function assertOwner(claim: Awaited<ReturnType<typeof claimDataFolder>>) {
  if (!claim.owner) throw new TypeError("The folder belongs to another process");
  return claim;
}

async function tempFolder() {
  const folder = await Deno.makeTempDir();
  return {
    data: `${folder}/data`,
    async [Symbol.asyncDispose]() {
      await Deno.remove(folder, { recursive: true });
    },
  };
}
