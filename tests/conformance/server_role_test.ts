import { ok } from "assert";
import { runServerSuite, runSuite } from "./server_role.ts";

const isReachable = await runSuite("0.1.16", ["--version"]).then(
  ({ code }) => code === 0,
  () => false,
);
if (!isReachable) console.log("skipped: the conformance suite cannot be had from npm");

for (const scenario of ["tools-call-elicitation", "resources-templates-read"]) {
  Deno.test({
    name: `runServerSuite() passes ${scenario} through Airlock (needs npm)`,
    ignore: !isReachable,
    async fn() {
      const { isPassed, summary } = await runServerSuite({
        name: scenario,
        version: "0.1.16",
        era: "legacy",
        args: ["--scenario", scenario],
      });

      ok(isPassed, summary);
    },
  });
}
