/** One turn by the Chat Completions API. @module */

import type OpenAI from "openai";
import type { ModelItem, ModelRequest, ModelTool, ModelTurn } from "./model.ts";
import { readCost } from "./read_cost.ts";
import { TurnBuilder } from "./turn_builder.ts";

type Message = OpenAI.Chat.ChatCompletionMessageParam;

/** How a turn is asked for. */
export interface TurnOptions {
  /** Ends the waiting. */
  signal: AbortSignal;
  /** Told of text as it comes. */
  onDelta(text: string): void;
  /** Told that the stream is alive. */
  onAlive(): void;
}

/** Asks for one turn, as a stream. Rejects with whatever the library threw. */
export async function chatTurn(
  client: OpenAI,
  request: ModelRequest & { model: string },
  { signal, onDelta, onAlive }: TurnOptions,
): Promise<ModelTurn> {
  const { instructions, items, tools, model, maxOutputTokens } = request;
  const stream = await client.chat.completions.create({
    model,
    messages: [{ role: "system", content: instructions }, ...items.map(toMessage)],
    ...(tools.length > 0 && { tools: tools.map(toChatTool) }),
    ...(maxOutputTokens !== undefined && { max_completion_tokens: maxOutputTokens }),
    stream: true,
    stream_options: { include_usage: true },
  }, { signal });
  const turn = new TurnBuilder(onDelta);
  for await (const { choices, usage } of stream) {
    onAlive();
    if (usage) {
      turn.use({
        inputTokens: usage.prompt_tokens ?? 0,
        outputTokens: usage.completion_tokens ?? 0,
        ...readCost(usage),
      });
    }
    const choice = choices?.find(({ index }) => index === 0);
    if (choice === undefined) continue;
    const { content, refusal, tool_calls: calls = [] } = choice.delta ?? {};
    if (content) turn.addText(content);
    if (refusal) turn.addRefusal(refusal);
    for (const { index, id, function: called } of calls) {
      turn.addCall(index ?? 0, { id, name: called?.name, arguments: called?.arguments });
    }
    if (choice.finish_reason) turn.end(endingOf(choice.finish_reason));
  }
  return turn.turn();
}

function endingOf(reason: string): ModelTurn["ending"] {
  if (reason === "length") return "length";
  return reason === "content_filter" ? "refusal" : "stop";
}

function toChatTool({ name, description, parameters }: ModelTool): OpenAI.Chat.ChatCompletionTool {
  return { type: "function", function: { name, description, parameters } };
}

function toMessage(item: ModelItem): Message {
  switch (item.type) {
    case "user":
      return { role: "user", content: item.text };
    case "tool":
      return { role: "tool", tool_call_id: item.callId, content: item.text };
    case "assistant": {
      const calls = item.calls.map(({ id, name, arguments: text }) => ({
        id,
        type: "function" as const,
        function: { name, arguments: text },
      }));
      return {
        role: "assistant",
        content: item.text === "" && calls.length > 0 ? null : item.text,
        ...(calls.length > 0 && { tool_calls: calls }),
      };
    }
    default:
      return item satisfies never;
  }
}
