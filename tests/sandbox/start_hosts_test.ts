import { deepStrictEqual, strictEqual } from "assert";
import { defaultLimits, defaultSandbox } from "../../src/config/defaults.ts";
import type { SandboxConfig } from "../../src/config/config.ts";
import type { SandboxListener } from "../../src/sandbox/run_in_host.ts";
import { type StartedHosts, startHosts } from "../../src/sandbox/start_hosts.ts";
import { childrenOf } from "../attacks/process_table.ts";

Deno.test("startHosts() runs code in warm processes, and leaves neither them nor a folder", async () => {
  using temporary = ownTemporaryFolder();
  const childrenBefore = childrenOf(Deno.pid).length;
  const hosts = await startHosts({ ...defaultSandbox, warm: 1 }, defaultLimits);
  await hosts.pool.ready();

  const ends = await Promise.all(["return 1", "return 2"].map((code) => endOf(hosts, code)));
  const foldersDuring = temporary.entries().length;
  await hosts[Symbol.asyncDispose]();

  deepStrictEqual(ends, [{ type: "done", result: 1 }, { type: "done", result: 2 }]);
  strictEqual(foldersDuring, 1);
  deepStrictEqual(temporary.entries(), []);
  strictEqual(childrenOf(Deno.pid).length, childrenBefore);
});

Deno.test("startHosts() ends code that is under way when it is disposed of", async () => {
  using temporary = ownTemporaryFolder();
  const hosts = await startHosts({ ...defaultSandbox, warm: 1 }, defaultLimits);
  const begun = Promise.withResolvers<void>();

  const end = endOf(hosts, "for (;;);", { begun: begun.resolve });
  await begun.promise;
  await hosts[Symbol.asyncDispose]();

  const { type } = await end;
  strictEqual(type, "stopped");
  deepStrictEqual(temporary.entries(), []);
});

Deno.test("startHosts() makes no process of its own where a Worker was asked for", async () => {
  using temporary = ownTemporaryFolder();
  const childrenBefore = childrenOf(Deno.pid).length;
  const sandbox: SandboxConfig = { ...defaultSandbox, isolation: "worker", warm: 1 };
  const hosts = await startHosts(sandbox, defaultLimits);

  const end = await endOf(hosts, "return typeof Deno");
  const children = childrenOf(Deno.pid).length;
  await hosts[Symbol.asyncDispose]();

  deepStrictEqual(end, { type: "done", result: "undefined" });
  deepStrictEqual([hosts.hardening, children], [[], childrenBefore]);
  deepStrictEqual(temporary.entries(), []);
});

const listener: SandboxListener = {
  timer: () => Promise.resolve(0),
  begun: () => {},
  log: () => {},
  progress: () => {},
  emit: () => {},
  call: () => Promise.resolve({ type: "tool_result", json: "null" }),
  query: () => Promise.resolve({ type: "tool_result", json: "null" }),
};

async function endOf({ pool }: StartedHosts, code: string, told: Partial<SandboxListener> = {}) {
  const { signal } = new AbortController();
  const run = { code, namespaces: [], limits: defaultLimits, signal };
  return (await pool.run("local", run, { ...listener, ...told })).end;
}

/** A folder for temporary files that only this test uses. */
function ownTemporaryFolder() {
  const before = Deno.env.get("TMPDIR");
  const path = Deno.makeTempDirSync({ prefix: "airlock-test-" });
  // Hosts may be another user's: they pass through it.
  Deno.chmodSync(path, 0o711);
  Deno.env.set("TMPDIR", path);
  return {
    entries: () => [...Deno.readDirSync(path)].map(({ name }) => name),
    [Symbol.dispose]() {
      if (before === undefined) Deno.env.delete("TMPDIR");
      else Deno.env.set("TMPDIR", before);
      Deno.removeSync(path, { recursive: true });
    },
  };
}
