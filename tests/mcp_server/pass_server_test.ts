import { deepStrictEqual } from "assert";
import { openPassThrough } from "./pass_fixture.ts";

Deno.test("createPassServer() offers what the servers offer together", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect();

  deepStrictEqual(client.getServerCapabilities(), {
    tools: { listChanged: true },
    prompts: { listChanged: true },
    resources: { listChanged: true, subscribe: true },
    completions: {},
    logging: {},
  });
});

Deno.test("createPassServer() offers clients of 2026 nothing that needs a connection of their own", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect({ era: "modern" });

  deepStrictEqual(client.getServerCapabilities(), {
    tools: { listChanged: true },
    prompts: { listChanged: true },
    resources: { listChanged: true },
    completions: {},
  });
});

Deno.test("createPassServer() sets how much a server logs", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect();
  const logged: unknown[] = [];
  client.setNotificationHandler(
    "notifications/message",
    ({ params }) => void logged.push(params.data),
  );

  await client.setLoggingLevel("error");
  await client.callTool({ name: "test_tool_with_logging" });

  deepStrictEqual(logged, []);
});
