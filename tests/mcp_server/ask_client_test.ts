import { deepStrictEqual, ok, strictEqual } from "assert";
import { openPassThrough } from "./pass_fixture.ts";

const settings = { policy: [{ tool: "*.test_simple_text", effect: "ask" }] };
const local = { name: "local", tools: ["*"] };

for (const approve of [true, false]) {
  Deno.test(`askClient() asks the person at the client, who says ${approve}`, async () => {
    await using open = await openPassThrough({ settings });
    await using client = await open.connect({ capabilities: { elicitation: { form: {} } } });
    let question = "";
    client.setRequestHandler("elicitation/create", ({ params }) => {
      question = params.message;
      return { action: "accept", content: { approve } };
    });

    const { isError } = await client.callTool({ name: "test_simple_text" });

    strictEqual(isError === true, !approve);
    ok(question.includes('"everything.test_simple_text"'));
    const [receipt] = await open.newestReceipts();
    strictEqual(receipt.outcome, approve ? "ok" : "denied");
  });
}

Deno.test("askClient() leaves it to the approvals where the client shows no forms", async () => {
  await using open = await openPassThrough({ settings });
  await using client = await open.connect();

  const answer = client.callTool({ name: "test_simple_text" });
  const id = await firstApproval(open.airlock.approvals);
  await open.airlock.approvals.decide(id, { decision: "approve" }, local);

  deepStrictEqual((await answer).content, [
    { type: "text", text: "This is a simple text response for testing." },
  ]);
});

async function firstApproval(
  approvals: { list(principal: typeof local): Promise<{ id: string }[]> },
): Promise<string> {
  while (true) {
    const [first] = await approvals.list(local);
    if (first !== undefined) return first.id;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
