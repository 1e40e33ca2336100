import { deepStrictEqual, ok, strictEqual } from "assert";
import { noHardening, probeHardening } from "../../src/sandbox/hardening.ts";
import { hostScript } from "../../src/sandbox/host_command.ts";

Deno.test("probeHardening() gives a prefix under which a program runs", async () => {
  using folder = temporaryFolder();
  const { prefix, layers } = await probeHardening(optionsFor(folder.path));
  const [command, ...args] = [...prefix, Deno.execPath(), "--version"];

  const { success } = await new Deno.Command(command, { args, stdout: "null", cwd: "/" }).output();

  strictEqual(success, true);
  strictEqual(layers.length > 0, prefix.length > 0);
});

Deno.test({
  name: "probeHardening() leaves a program no network, no new privileges and no other limits",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using folder = temporaryFolder();
    const { prefix, layers } = await probeHardening(optionsFor(folder.path));
    const read = async (path: string) => {
      const [command, ...args] = [...prefix, "/bin/cat", path];
      const { stdout } = await new Deno.Command(command, { args, cwd: "/" }).output();
      return new TextDecoder().decode(stdout);
    };
    const has = (word: string) => layers.some((layer) => layer.includes(word));

    if (has("network")) {
      deepStrictEqual((await read("/proc/net/dev")).match(/^ *\w+(?=:)/gm), ["    lo"]);
    }
    if (has("privileges")) ok(/NoNewPrivs:\s+1/.test(await read("/proc/self/status")));
    if (has("another user")) ok(/Uid:\s+65534/.test(await read("/proc/self/status")));
    if (has("limits")) ok(/Max core file size\s+0/.test(await read("/proc/self/limits")));
  },
});

Deno.test("probeHardening() gives nothing where a host cannot be read or started", async () => {
  using folder = temporaryFolder();
  const { prefix } = await probeHardening({ ...optionsFor(folder.path), command: "/nowhere/deno" });

  deepStrictEqual(prefix, noHardening.prefix);
});

function optionsFor(folder: string) {
  return { command: Deno.execPath(), readable: [hostScript], memoryMb: 256, folder };
}

function temporaryFolder(): Disposable & { path: string } {
  const path = Deno.makeTempDirSync({ prefix: "airlock-test-" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}
