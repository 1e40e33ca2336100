/** An MCP server on stdio that asks a person before it works. @module */

import { inputRequired, McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";

serveStdio(() => {
  const server = new McpServer({ name: "asking", version: "1.0.0" });
  server.registerTool("order", { inputSchema: z.object({}) }, (_args, { mcpReq }) => {
    const given = mcpReq.inputResponses?.size;
    if (given !== undefined) return { content: [{ type: "text", text: JSON.stringify(given) }] };
    const size = inputRequired.elicit({
      message: "Which size?",
      requestedSchema: { type: "object", properties: { size: { type: "string" } } },
    });
    return inputRequired({ inputRequests: { size } });
  });
  server.registerTool("pay", { inputSchema: z.object({ amount: z.number() }) }, ({ amount }) => ({
    content: [{ type: "text", text: `paid ${amount}` }],
  }));
  return server;
});
