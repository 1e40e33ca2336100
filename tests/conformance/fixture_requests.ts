/** Tools of the conformance suite that tell and ask a client of 2025 while they work. @module */

import type { CallToolResult, McpServer, ServerContext } from "@modelcontextprotocol/server";
import { fromJsonSchema } from "@modelcontextprotocol/server";
import { z } from "zod";

const answer = (text: string): CallToolResult => ({ content: [{ type: "text", text }] });
const elicited = z.looseObject({ action: z.string(), content: z.unknown().optional() });
const sampled = z.looseObject({ content: z.looseObject({ text: z.string().optional() }) });
const choice = (name: string, description: string) => ({ const: name, title: description });
const options = ["option1", "option2", "option3"];

/** Forms by the tool that shows them. */
const forms = {
  test_elicitation_sep1034_defaults: {
    name: { type: "string", default: "John Doe" },
    age: { type: "integer", default: 30 },
    score: { type: "number", default: 95.5 },
    status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", default: true },
  },
  test_elicitation_sep1330_enums: {
    untitledSingle: { type: "string", enum: options },
    titledSingle: {
      type: "string",
      oneOf: [choice("value1", "First Option"), choice("value2", "Second Option")],
    },
    legacyEnum: {
      type: "string",
      enum: ["opt1", "opt2", "opt3"],
      enumNames: ["Option One", "Option Two", "Option Three"],
    },
    untitledMulti: { type: "array", items: { type: "string", enum: options } },
    titledMulti: {
      type: "array",
      items: { anyOf: [choice("value1", "First Choice"), choice("value2", "Second Choice")] },
    },
  },
};

/** Tools that report and log. */
export function addTellingTools(server: McpServer): void {
  const none = { description: "A tool of the suite", inputSchema: z.object({}) };
  server.registerTool("test_tool_with_logging", none, async (_args, { mcpReq }) => {
    for (const data of ["started", "processing", "completed"]) {
      await mcpReq.log("info", `Tool execution ${data}`);
      await pause();
    }
    return answer("Tool with logging executed");
  });
  server.registerTool("test_logging_tool", none, async (_args, { mcpReq }) => {
    await mcpReq.log("info", "only for those who asked");
    return answer("logged");
  });
  server.registerTool("test_tool_with_progress", none, async (_args, { mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) {
        const params = { progressToken, progress, total: 100 };
        await mcpReq.notify({ method: "notifications/progress", params });
      }
      await pause();
    }
    return answer("Tool with progress executed");
  });
  server.registerTool("test_until_cancelled", none, async (_args, { mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    if (progressToken !== undefined) {
      const params = { progressToken, progress: 1 };
      await mcpReq.notify({ method: "notifications/progress", params });
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    mcpReq.signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    return answer("cancelled");
  });
  server.registerTool("test_reconnection", none, async (_args, { http }) => {
    http?.closeSSE?.();
    await pause();
    return answer("reconnected");
  });
}

/** Tools that ask the client. */
export function addAskingTools(server: McpServer): void {
  const none = { description: "Shows a form", inputSchema: z.object({}) };
  server.registerTool(
    "test_sampling",
    { description: "Asks a model", inputSchema: z.object({ prompt: z.string() }) },
    async ({ prompt }, { mcpReq }) => {
      const content = { type: "text", text: prompt };
      const params = { messages: [{ role: "user", content }], maxTokens: 100 };
      const reply = await mcpReq.send({ method: "sampling/createMessage", params }, sampled);
      return answer(`LLM response: ${reply.content.text ?? "none"}`);
    },
  );
  server.registerTool(
    "test_elicitation",
    { description: "Asks a person", inputSchema: z.object({ message: z.string() }) },
    async ({ message }, { mcpReq }) => {
      const properties = { username: { type: "string" }, email: { type: "string" } };
      return answer(`User response: ${await ask(mcpReq, message, properties)}`);
    },
  );
  for (const [name, properties] of Object.entries(forms)) {
    server.registerTool(
      name,
      none,
      async (_args, { mcpReq }) =>
        answer(`Elicitation completed: ${await ask(mcpReq, "Please choose", properties)}`),
    );
  }
}

/** The tool whose schema must arrive whole. */
export function addRichSchema(server: McpServer): void {
  const inputSchema = fromJsonSchema({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    $defs: {
      address: {
        $anchor: "addressDef",
        type: "object",
        properties: { street: { type: "string" }, city: { type: "string" } },
      },
    },
    properties: {
      name: { type: "string" },
      address: { $ref: "#/$defs/address" },
      contactMethod: { type: "string", enum: ["phone", "email"] },
      phone: { type: "string" },
      email: { type: "string" },
    },
    allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
    if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
    then: { required: ["phone"] },
    else: { required: ["email"] },
    additionalProperties: false,
  });
  server.registerTool(
    "json_schema_2020_12_tool",
    { description: "Rich", inputSchema },
    () => answer("fits"),
  );
}

async function ask(
  request: ServerContext["mcpReq"],
  message: string,
  properties: Record<string, unknown>,
): Promise<string> {
  const requestedSchema = { type: "object", properties, required: [] };
  const params = { message, requestedSchema };
  const { action, content = {} } = await request.send(
    { method: "elicitation/create", params },
    elicited,
  );
  return `action=${action}, content=${JSON.stringify(content)}`;
}

/** The suite wants to see that messages come while the tool works. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
