import type { Client } from "@modelcontextprotocol/client";
import { deepStrictEqual, ok } from "assert";
import { openPassThrough } from "./pass_fixture.ts";

Deno.test("PassSession lets a server ask the client whose call it is", async () => {
  await using open = await openPassThrough();
  const capabilities = { elicitation: { form: {} } };
  await using ada = await open.connect({ capabilities });
  await using bob = await open.connect({ capabilities });
  answerForms(ada, "ada");
  answerForms(bob, "bob");
  const call = { name: "test_elicitation", arguments: { message: "Who?" } };

  const texts = await Promise.all([ada.callTool(call), bob.callTool(call), ada.callTool(call)]);

  deepStrictEqual(
    texts.map(({ content }) =>
      /"username":"(\w+)"/.exec(
        JSON.stringify(content)
          .replaceAll("\\", ""),
      )?.[1]
    ),
    ["ada", "bob", "ada"],
  );
});

Deno.test("PassSession lets a server of 2026 ask a client of 2025", async () => {
  await using open = await openPassThrough({ era: "modern" });
  await using client = await open.connect({ capabilities: { elicitation: { form: {} } } });
  client.setRequestHandler("elicitation/create", () => ({
    action: "accept",
    content: { name: "Ada" },
  }));

  const { content } = await client.callTool({ name: "test_input_required_result_elicitation" });

  deepStrictEqual(content, [{ type: "text", text: "Hello, Ada!" }]);
});

Deno.test("PassSession tells a server what its client cannot do", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect();

  const { isError, content } = await client.callTool({
    name: "test_elicitation",
    arguments: { message: "Who?" },
  });

  deepStrictEqual({ isError, content }, {
    isError: true,
    content: [{ type: "text", text: "Method not found" }],
  });
});

Deno.test("PassSession hands on what a server logs and how far it is, to the client that called", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect();
  await using other = await open.connect();
  const [logged, overheard, progress]: unknown[][] = [[], [], []];
  client.setNotificationHandler(
    "notifications/message",
    ({ params }) => void logged.push(params.data),
  );
  other.setNotificationHandler(
    "notifications/message",
    ({ params }) => void overheard.push(params),
  );
  await other.callTool({ name: "test_simple_text" });

  await client.callTool({ name: "test_tool_with_logging" });
  await client.callTool({ name: "test_tool_with_progress" }, {
    onprogress: (step) => void progress.push(step.progress),
  });

  deepStrictEqual([logged.length, overheard, progress], [3, [], [0, 50, 100]]);
});

Deno.test("PassSession tells clients that a list of a server changed", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect();
  const changed = Promise.withResolvers<void>();
  client.setNotificationHandler("notifications/tools/list_changed", () => changed.resolve());

  await client.callTool({ name: "test_trigger_tool_change" });
  await changed.promise;

  ok((await client.listTools()).tools.some(({ name }) => name === "test_extra_tool"));
});

function answerForms(client: Client, username: string): void {
  client.setRequestHandler("elicitation/create", () => ({
    action: "accept",
    content: { username, email: "x@example.org" },
  }));
}
