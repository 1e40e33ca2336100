import { deepStrictEqual, strictEqual } from "assert";
import { join } from "node:path";
import { hostCommand, hostScript, isolatedCommand } from "../../src/sandbox/host_command.ts";

/** Tells what a process may do, by trying. */
const probe = `
const names = ["read", "write", "net", "env", "run", "ffi", "sys"];
const granted = names.filter((name) => Deno.permissions.querySync({ name }).state !== "denied");
const tried = async (act) => {
  try {
    await act();
    return "done";
  } catch {
    return "refused";
  }
};
console.log(JSON.stringify({
  granted,
  told: Deno.args,
  node: await tried(() => import("node:" + "fs")),
  npm: await tried(() => import("npm:" + "zod@4.6.7")),
  file: await tried(() => import(import.meta.url + "?again")),
  strings: await tried(() => Function("return 1")()),
  zone: new Date(0).getTimezoneOffset(),
}));`;

Deno.test("isolatedCommand() starts a process without any right that imports and asks for nothing", async () => {
  await using folder = await temporaryFolder();
  const script = join(folder.path, "probe.js");
  await Deno.writeTextFile(script, probe);

  const { command, args, env } = isolatedCommand({
    argument: "--probe",
    script,
    args: ["--told"],
    denoDir: join(folder.path, "deno"),
    v8Flags: "--disallow-code-generation-from-strings",
  });
  const { stdout } = await new Deno.Command(command, {
    args,
    env,
    clearEnv: true,
    cwd: folder.path,
    stdin: "null",
    stderr: "null",
  }).output();

  deepStrictEqual(JSON.parse(new TextDecoder().decode(stdout)), {
    granted: [],
    told: ["--told"],
    node: "refused",
    npm: "refused",
    file: "refused",
    strings: "refused",
    zone: 0,
  });
});

Deno.test("hostCommand() gives a host nothing of the server's environment", () => {
  const { env, args } = hostCommand({ heapMb: 64, fresh: "realm", denoDir: "/empty" });

  deepStrictEqual(env, { DENO_DIR: "/empty", TZ: "UTC", NO_COLOR: "1" });
  deepStrictEqual(args.filter((arg) => arg.startsWith("--allow")), []);
  deepStrictEqual(args.slice(-2), [hostScript, "--fresh=realm"]);
  strictEqual(
    args.find((arg) => arg.startsWith("--v8-flags=")),
    "--v8-flags=--max-old-space-size=64,--disallow-code-generation-from-strings",
  );
});

Deno.test("hostCommand() puts a prefix before the program", () => {
  const prefix = ["/usr/bin/setpriv", "--no-new-privs", "--"];

  const { command, args } = hostCommand({ heapMb: 64, fresh: "worker", denoDir: "/e", prefix });

  strictEqual(command, "/usr/bin/setpriv");
  deepStrictEqual(args.slice(0, 4), ["--no-new-privs", "--", Deno.execPath(), "run"]);
});

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "airlock-test-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
