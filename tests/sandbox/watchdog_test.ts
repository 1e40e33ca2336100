import { ok, strictEqual } from "assert";
import { Watchdog } from "../../src/sandbox/watchdog.ts";

const ignore = Deno.build.os !== "linux";
const plenty = { cpuMs: Infinity, memoryMb: Infinity };

Deno.test({
  name: "Watchdog tells of memory over its bound, once",
  ignore,
  async fn() {
    const told = Promise.withResolvers<string>();
    using _watch = new Watchdog().watch(Deno.pid, { ...plenty, memoryMb: 1 }, told.resolve);

    strictEqual(await told.promise, "out_of_memory");
  },
});

Deno.test({
  name: "Watchdog tells of CPU time over its bound",
  ignore,
  async fn() {
    const told = Promise.withResolvers<string>();
    using _watch = new Watchdog().watch(Deno.pid, { ...plenty, cpuMs: 1 }, told.resolve);
    const busy = setInterval(() => crypto.getRandomValues(new Uint8Array(65_536)), 0);

    strictEqual(await told.promise, "cpu_limit");
    clearInterval(busy);
  },
});

Deno.test({
  name: "Watchdog counts CPU time from when the watching began",
  ignore,
  fn() {
    using watch = new Watchdog().watch(Deno.pid, plenty, () => {});

    const { cpuMs, peakMemoryMb } = watch.usage();

    ok(cpuMs < 1_000, `${cpuMs} ms`);
    ok(peakMemoryMb > 1);
  },
});

Deno.test("Watchdog has nothing to tell where there is no process", () => {
  using watch = new Watchdog().watch(undefined, plenty, () => {});

  strictEqual(watch.usage().cpuMs, 0);
});
