import { ok, strictEqual } from "assert";
import { processUsage } from "../../src/sandbox/process_usage.ts";

const ignore = Deno.build.os !== "linux";

Deno.test({
  name: "processUsage() tells resident memory as Deno itself does",
  ignore,
  fn() {
    const told = processUsage(Deno.pid)?.residentMb ?? 0;

    const own = Deno.memoryUsage().rss / 1_048_576;
    ok(told > own / 2 && told < own * 2, `${told} MB told, ${own} MB own`);
  },
});

Deno.test({
  name: "processUsage() tells CPU time that grows with work",
  ignore,
  fn() {
    const before = processUsage(Deno.pid)?.cpuMs ?? NaN;
    let now = before;
    for (let i = 0; now < before + 30; i++) {
      if (i % 1_000 === 0) now = processUsage(Deno.pid)?.cpuMs ?? NaN;
    }

    ok(now >= before + 30);
  },
});

Deno.test("processUsage() has nothing to tell of a process that is gone", () => {
  strictEqual(processUsage(2 ** 22 + 1), undefined);
});
