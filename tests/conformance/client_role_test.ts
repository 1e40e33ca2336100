import { ok } from "assert";
import { runClientSuite } from "./client_role.ts";
import { runSuite } from "./server_role.ts";

const isReachable = await runSuite("0.1.16", ["--version"]).then(
  ({ code }) => code === 0,
  () => false,
);
if (!isReachable) console.log("skipped: the conformance suite cannot be had from npm");

for (const scenario of ["tools_call", "auth/basic-cimd", "auth/scope-step-up"]) {
  Deno.test({
    name: `runClientSuite() passes ${scenario} with Airlock as the client (needs npm)`,
    ignore: !isReachable,
    async fn() {
      const args = ["--scenario", scenario];
      const { isPassed, summary } = await runClientSuite({
        name: scenario,
        version: "0.1.16",
        args,
      });

      ok(isPassed, summary);
    },
  });
}
