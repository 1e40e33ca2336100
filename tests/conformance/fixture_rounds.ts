/** Tools of the conformance suite that ask a client of 2026: by an answer that wants input. @module */

import {
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  inputRequired,
} from "@modelcontextprotocol/server";
import type {
  CallToolResult,
  InputRequests,
  McpServer,
  ServerContext,
} from "@modelcontextprotocol/server";
import { acceptedContent, inputResponse } from "@modelcontextprotocol/server";
import { z } from "zod";

/** Signs what the client carries from one round to the next. */
export const states = createRequestStateCodec<{ round: number }>({
  key: crypto.getRandomValues(new Uint8Array(32)),
});

type Request = ServerContext["mcpReq"];
const answer = (text: string): CallToolResult => ({ content: [{ type: "text", text }] });

const form = (message: string, field: string, type = "string") =>
  inputRequired.elicit({
    message,
    requestedSchema: z.object({ [field]: type === "boolean" ? z.boolean() : z.string() }),
  });
const sample = (text: string) =>
  inputRequired.createMessage({
    messages: [{ role: "user", content: { type: "text", text } }],
    maxTokens: 100,
  });
const roots = () => inputRequired.listRoots();

/** Tools of one and more rounds. */
export function addRoundTools(server: McpServer): void {
  const prefix = "test_input_required_result_";
  const add = (name: string, work: (ctx: ServerContext) => Work) =>
    server.registerTool(
      prefix + name,
      { description: name, inputSchema: z.object({}) },
      (_args, ctx) => work(ctx),
    );

  add("elicitation", ({ mcpReq }) => greet(mcpReq));
  add("sampling", ({ mcpReq }) => {
    const reply = inputResponse(mcpReq.inputResponses, "capital_question");
    if (reply.kind !== "sampling") {
      return want({ capital_question: sample("What is the capital of France?") });
    }
    return answer(JSON.stringify(reply.result.content));
  });
  add("list_roots", ({ mcpReq }) => {
    const reply = inputResponse(mcpReq.inputResponses, "client_roots");
    if (reply.kind !== "roots") return want({ client_roots: roots() });
    return answer(reply.roots.map(({ uri }) => uri).join(" "));
  });
  for (const name of ["request_state", "tampered_state"]) {
    add(name, async (ctx) => {
      if (ctx.mcpReq.requestState() !== undefined) return answer("state-ok");
      const confirm = form("Please confirm", "ok", "boolean");
      return inputRequired({
        inputRequests: { confirm },
        requestState: await states.mint({ round: 1 }, ctx),
      });
    });
  }
  add("multiple_inputs", async (ctx) => {
    const given = Object.keys(ctx.mcpReq.inputResponses ?? {});
    if (given.length >= 3) return answer(given.join(" "));
    const inputRequests = {
      user_name: form("What is your name?", "name"),
      greeting: sample("Generate a greeting"),
      client_roots: roots(),
    };
    return inputRequired({ inputRequests, requestState: await states.mint({ round: 1 }, ctx) });
  });
  add("multi_round", async (ctx) => {
    const { inputResponses } = ctx.mcpReq;
    if (acceptedContent(inputResponses, "step2") !== undefined) return answer("both steps done");
    const isFirst = acceptedContent(inputResponses, "step1") === undefined;
    return inputRequired({
      inputRequests: isFirst
        ? { step1: form("Step 1: What is your name?", "name") }
        : { step2: form("Step 2: What is your favorite color?", "color") },
      requestState: await states.mint({ round: isFirst ? 1 : 2 }, ctx),
    });
  });
  add("capabilities", ({ mcpReq }) => {
    const declared = capabilitiesOf(mcpReq);
    return want({
      ...(declared.elicitation !== undefined && { name: form("What is your name?", "name") }),
      ...(declared.sampling !== undefined && { greeting: sample("Generate a greeting") }),
    });
  });
}

/** What else is asked for by the answer. */
export function addOtherRounds(server: McpServer): void {
  const none = { description: "A tool of the suite", inputSchema: z.object({}) };
  server.registerTool("test_streaming_elicitation", none, (_args, { mcpReq }) => greet(mcpReq));
  // The SDK refuses to ask a client for what it did not declare.
  server.registerTool("test_missing_capability", none, () => want({ question: sample("Why?") }));
  server.registerPrompt(
    "test_input_required_result_prompt",
    { description: "A prompt that asks" },
    (ctx) => {
      const given = acceptedContent(ctx.mcpReq.inputResponses, "user_context");
      if (given === undefined) {
        return want({ user_context: form("What context should the prompt use?", "context") });
      }
      return {
        messages: [{ role: "user", content: { type: "text", text: JSON.stringify(given) } }],
      };
    },
  );
}

type Work =
  | ReturnType<typeof want>
  | CallToolResult
  | Promise<ReturnType<typeof want> | CallToolResult>;

function greet({ inputResponses }: Request): CallToolResult | ReturnType<typeof want> {
  const name = acceptedContent(inputResponses, "user_name", z.object({ name: z.string() }));
  if (name === undefined) return want({ user_name: form("What is your name?", "name") });
  return answer(`Hello, ${name.name}!`);
}

function want(inputRequests: InputRequests) {
  return inputRequired({ inputRequests });
}

function capabilitiesOf({ envelope }: Request): Record<string, unknown> {
  return z.looseObject({ [CLIENT_CAPABILITIES_META_KEY]: z.looseObject({}).catch({}) })
    .parse(envelope ?? {})[CLIENT_CAPABILITIES_META_KEY];
}
