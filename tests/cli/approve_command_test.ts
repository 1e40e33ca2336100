import { deepStrictEqual, match, strictEqual } from "assert";
import type { ApprovalDecision } from "../../src/runs/run_service.ts";
import { fakeAirlock, runCli, waiting } from "./fakes.ts";

Deno.test("approve lists what waits", async () => {
  const approvals = { ...fakeAirlock().approvals, list: () => Promise.resolve([waiting]) };

  const { code, output } = await runCli(["approve"], { airlock: fakeAirlock({ approvals }) });

  strictEqual(code, 0);
  strictEqual(
    output,
    'apr_1  bank.pay({"amount":500})\n    run_1, since 2026-11-22T00:00:00.000Z: more than 100\n',
  );
});

Deno.test("approve says so where nothing waits", async () => {
  const { code, errors } = await runCli(["approve"]);

  deepStrictEqual([code, errors], [0, "Nothing waits for approval\n"]);
});

Deno.test("approve decides with a note", async () => {
  const seen: [string, ApprovalDecision][] = [];
  const approvals = {
    ...fakeAirlock().approvals,
    decide: (id: string, decision: ApprovalDecision) => {
      seen.push([id, decision]);
      return Promise.resolve(waiting);
    },
  };
  const airlock = fakeAirlock({ approvals });

  const approved = await runCli(["approve", "apr_1"], { airlock });
  const denied = await runCli(["approve", "apr_2", "--deny", "--note", "too much"], { airlock });

  deepStrictEqual(seen, [
    ["apr_1", { decision: "approve", note: undefined }],
    ["apr_2", { decision: "deny", note: "too much" }],
  ]);
  strictEqual(approved.output, "Approved bank.pay of run_1\n");
  strictEqual(denied.output, "Denied bank.pay of run_1\n");
});

Deno.test("approve refuses a decision about nothing", async () => {
  const { code, errors } = await runCli(["approve", "--deny"]);

  strictEqual(code, 2);
  match(errors, /no approval was named/);
});
