import { createMcpHandler, inputRequired, McpServer } from "@modelcontextprotocol/server";
import { deepStrictEqual, rejects } from "assert";
import { z } from "zod";
import type { Elicit, Elicitation } from "../../src/mcp/elicitation.ts";
import { Upstreams } from "../../src/mcp/upstreams.ts";
import { environment, FakeCatalog, httpConfig, signal } from "./fixtures/upstream_fixtures.ts";
import { serve } from "./fixtures/web_servers.ts";

Deno.test("handleElicitation() asks a person, clean, and hands the answer back", async () => {
  const questions: Elicitation[] = [];
  const elicit: Elicit = (question) => {
    questions.push(question);
    return Promise.resolve({ action: "accept", content: { color: "blue" } });
  };

  const answer = await callAsking(elicit);

  deepStrictEqual(questions.map(({ server, message }) => [server, message]), [
    ["web", "Which color?"],
  ]);
  deepStrictEqual(answer, { action: "accept", content: { color: "blue" } });
});

Deno.test("handleElicitation() hands on that a person declines", async () => {
  const answer = await callAsking(() => Promise.resolve({ action: "decline" }));

  deepStrictEqual(answer, { action: "decline" });
});

Deno.test("handleElicitation() fails the call where nobody is there to answer", async () => {
  await rejects(callAsking(undefined), { code: "tool_failed" });
});

async function callAsking(elicit: Elicit | undefined): Promise<unknown> {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "asking", version: "1.0.0" });
    server.registerTool("ask", { inputSchema: z.object({}) }, (_args, context) => {
      const given = context.mcpReq.inputResponses?.color;
      if (given !== undefined) return { content: [{ type: "text", text: JSON.stringify(given) }] };
      const color = inputRequired.elicit({
        message: "Which \u200bcolor?",
        requestedSchema: { type: "object", properties: { color: { type: "string" } } },
      });
      return inputRequired({ inputRequests: { color } });
    });
    return server;
  });
  await using server = serve((request) => handler.fetch(request));
  const catalog = new FakeCatalog();
  await using upstreams = new Upstreams(
    { servers: [httpConfig(server.url, { era: "auto" })], disabledServers: [] },
    { catalog, environment, elicit },
  );
  upstreams.start();
  await upstreams.ready();
  return await upstreams.invoke(catalog.call("web", "ask"), { signal });
}
