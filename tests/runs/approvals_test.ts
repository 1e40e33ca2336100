import { deepStrictEqual, rejects } from "assert";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { localPrincipal } from "../../src/grants/principal.ts";
import { Approvals } from "../../src/runs/approvals.ts";
import type { Approval } from "../../src/runs/report.ts";

const question = {
  run: "run_1",
  principal: "local",
  tool: "bank.pay",
  arguments: { amount: 200 },
  reason: "the policy says ask",
};
const never = new AbortController().signal;
const stranger = { name: "stranger", tools: ["*"] };

Deno.test("Approvals passes a decision on, once, to whoever asked", async () => {
  const approvals = new Approvals();
  const asked: Approval[] = [];
  const decision = approvals.ask(question, never, (approval) => asked.push(approval));

  const [{ id }] = await approvals.list(localPrincipal);
  await approvals.decide(id, { decision: "deny", note: "too much" }, localPrincipal);

  deepStrictEqual(await decision, { decision: "deny", note: "too much" });
  deepStrictEqual(asked.map(({ tool }) => tool), ["bank.pay"]);
  deepStrictEqual(await approvals.list(localPrincipal), []);
  await rejects(approvals.decide(id, { decision: "approve" }, localPrincipal), isCode("conflict"));
});

Deno.test("Approvals shows and gives nothing to another principal", async () => {
  const approvals = new Approvals();
  const stop = new AbortController();
  const decision = approvals.ask(question, stop.signal, () => {});
  const [{ id }] = await approvals.list(localPrincipal);

  deepStrictEqual(await approvals.list(stranger), []);
  await rejects(approvals.decide(id, { decision: "approve" }, stranger), isCode("not_found"));
  stop.abort(new Error("over"));
  await rejects(decision, /over/);
});

Deno.test("Approvals asks nobody any more once the run is over", async () => {
  const approvals = new Approvals();
  const stop = new AbortController();
  const decision = approvals.ask(question, stop.signal, () => {});

  stop.abort(new Error("over"));

  await rejects(decision, /over/);
  deepStrictEqual(await approvals.list(localPrincipal), []);
});

function isCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof AirlockError && error.code === code;
}
