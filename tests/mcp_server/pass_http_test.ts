import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import { openPassThrough } from "./pass_fixture.ts";

Deno.test("PassThroughHttp serves clients of 2026 request by request", async () => {
  await using open = await openPassThrough({ era: "modern" });
  await using client = await open.connect({ era: "modern" });

  const { content } = await client.callTool({ name: "test_simple_text" });

  strictEqual(client.getNegotiatedProtocolVersion(), "2026-07-28");
  strictEqual(content[0].type, "text");
  ok((await client.listPrompts()).prompts.length > 0);
});

Deno.test("PassThroughHttp hands on answers that ask for input, and what the client answers", async () => {
  await using open = await openPassThrough({ era: "modern" });
  await using client = await open.connect({
    era: "modern",
    capabilities: { elicitation: { form: {} } },
  });
  const steps: string[] = [];
  client.setRequestHandler("elicitation/create", ({ params }) => {
    steps.push(params.message);
    return { action: "accept", content: { name: "Ada", color: "red" } };
  });

  const { content } = await client.callTool({ name: "test_input_required_result_multi_round" });

  deepStrictEqual(content, [{ type: "text", text: "both steps done" }]);
  strictEqual(steps.length, 2);
});

Deno.test("PassThroughHttp tells servers of 2026 what each client can do", async () => {
  await using open = await openPassThrough({ era: "modern" });
  await using able = await open.connect({ era: "modern", capabilities: { sampling: {} } });
  await using unable = await open.connect({ era: "modern" });
  able.setRequestHandler("sampling/createMessage", () => ({
    model: "none",
    role: "assistant",
    content: { type: "text", text: "Paris" },
  }));
  const call = { name: "test_input_required_result_sampling" };

  const { content } = await able.callTool(call);

  ok(JSON.stringify(content).includes("Paris"));
  await rejects(unable.callTool(call), { code: -32021 });
});

Deno.test("PassThroughHttp tells subscribers of 2026 that a list changed", async () => {
  await using open = await openPassThrough({ era: "modern" });
  await using client = await open.connect({ era: "modern" });
  const changed = Promise.withResolvers<void>();
  client.setNotificationHandler("notifications/prompts/list_changed", () => changed.resolve());
  const subscription = await client.listen({ promptsListChanged: true });

  await client.callTool({ name: "test_trigger_prompt_change" });

  await changed.promise;
  await subscription.close();
});

Deno.test("PassThroughHttp does not know servers that are not configured", async () => {
  await using open = await openPassThrough();

  const response = await open.send("mode=passthrough&server=nobody", post({}));

  strictEqual(response.status, 404);
  strictEqual((await response.json()).code, "not_found");
});

function post(body: unknown): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: JSON.stringify(body),
  };
}
