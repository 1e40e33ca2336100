import { ok, strictEqual } from "assert";
import { hasProcessTable, processState } from "./process_table.ts";
import { keys, serveAirlock } from "./served_airlock.ts";
import { until } from "./until.ts";

const maxGrowthMb = 100;
const maxLeftMb = 50;

Deno.test({
  name: "forty large answers at once grow the server by less than 100 MB, and it comes back",
  ignore: !hasProcessTable,
  fn: async () => {
    const limits = { timeoutMs: 60_000, memoryMb: 512 };
    await using airlock = await serveAirlock({ limits, sandbox: { warm: 1 } });
    const residentMb = () => processState(airlock.pid)?.residentMb ?? 0;
    await airlock.run(keys.attacker, `await memory.set("big", "x".repeat(900_000));`);
    const firstMb = residentMb();
    let peakMb = firstMb;
    const looking = setInterval(() => peakMb = Math.max(peakMb, residentMb()), 20);

    const { result } = await airlock.run(
      keys.attacker,
      `const all = await Promise.all(Array.from({ length: 40 }, () => memory.get("big")));
return all.every((text) => text.length === 900_000);`,
    );
    clearInterval(looking);

    strictEqual(result, true);
    ok(peakMb - firstMb < maxGrowthMb, `from ${firstMb} to ${peakMb} MB`);
    await until("the server is as small as it was", () => residentMb() < firstMb + maxLeftMb);
  },
});
