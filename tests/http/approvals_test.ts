import { deepStrictEqual, strictEqual } from "assert";
import { createApp } from "../../src/http/create_app.ts";
import { fakeApprovals, fakeDeps, makeApproval, post } from "./fake_deps.ts";

Deno.test("approvalRoutes() lists what waits", async () => {
  const response = await createApp(fakeDeps()).request("/v1/approvals");

  deepStrictEqual(await response.json(), { items: [makeApproval()] });
});

Deno.test("approvalRoutes() passes the decision on", async () => {
  const seen: unknown[] = [];
  const approvals = fakeApprovals({
    decide: (id, decision, principal) => {
      seen.push(id, decision, principal.name);
      return Promise.resolve(makeApproval({ id }));
    },
  });
  const decision = { decision: "deny", note: "Too much" };

  const response = await createApp(fakeDeps({ approvals }))
    .request("/v1/approvals/approval_1", post(decision));

  strictEqual(response.status, 200);
  deepStrictEqual(seen, ["approval_1", decision, "local"]);
});

Deno.test("approvalRoutes() refuses what is no decision, and what is no id", async () => {
  const app = createApp(fakeDeps());
  const bodies = [{}, { decision: "maybe" }, { decision: "approve", note: "x".repeat(2_001) }];

  const statuses = await Promise.all(
    bodies.map(async (body) => (await app.request("/v1/approvals/a", post(body))).status),
  );
  const other = await app.request("/v1/approvals/a%2Fb", post({ decision: "deny" }));

  deepStrictEqual([statuses, other.status], [[400, 400, 400], 404]);
});
