import { deepStrictEqual, ok } from "assert";
import { hasProcessTable } from "../attacks/process_table.ts";
import { soak } from "./soak.ts";

/** Hosts that may be kept ready, and the pipes that each has. */
const keptHosts = 5;
const pipes = 3;

Deno.test({
  name: "soak() of good and bad runs leaves memory, descriptors, processes and files as they were",
  ignore: !hasProcessTable,
  fn: async () => {
    const { wrong, before, after } = await soak({ runs: 48 });

    deepStrictEqual(wrong, []);
    ok(after.processes <= keptHosts);
    ok(after.descriptors <= before.descriptors + keptHosts * (pipes + 1));
    ok(after.temporaryFiles <= before.temporaryFiles + 2);
    ok(after.residentMb - before.residentMb < 100);
  },
});
