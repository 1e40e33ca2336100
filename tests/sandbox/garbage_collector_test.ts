import { ok, strictEqual } from "assert";
import { GarbageCollector } from "../../src/sandbox/garbage_collector.ts";
import { until } from "../attacks/until.ts";

Deno.test("GarbageCollector collects once, when much has passed and there is quiet", async () => {
  let times = 0;
  const collect = () => void times++;
  using garbage = new GarbageCollector({ minBytes: 100, quietMs: 0, collect });

  for (let i = 0; i < 5; i++) garbage.passed(60);
  const before = times;
  await until("it has collected", () => times > 0);

  strictEqual(before, 0);
  strictEqual(times, 1);
});

Deno.test("GarbageCollector waits for no quiet once too much has passed", async () => {
  let times = 0;
  const collect = () => void times++;
  using garbage = new GarbageCollector({ minBytes: 1, maxBytes: 100, quietMs: 1e6, collect });

  garbage.passed(60);
  garbage.passed(60);
  await until("it has collected", () => times > 0);

  strictEqual(times, 1);
});

Deno.test("GarbageCollector leaves little alone, and what passes when it is disposed of", () => {
  const collect = () => {
    throw new Error("it collected");
  };
  using little = new GarbageCollector({ minBytes: 100, quietMs: 0, collect });
  const ended = new GarbageCollector({ minBytes: 1, quietMs: 0, collect });

  little.passed(99);
  ended.passed(1);
  ended[Symbol.dispose]();
});

Deno.test("GarbageCollector frees what is dead by the engine's own collector", async () => {
  let isFreed = false;
  const registry = new FinalizationRegistry(() => isFreed = true);
  registry.register({ filler: new Array(1_000) }, undefined);
  using garbage = new GarbageCollector({ minBytes: 1, quietMs: 0 });

  garbage.passed(1);
  await until("it is freed", () => isFreed);

  ok(!("gc" in globalThis));
});
