/** One turn by the Responses API. @module */

import type OpenAI from "openai";
import type { TurnOptions } from "./chat_turn.ts";
import { ModelError, type ModelItem, type ModelRequest, type ModelTurn } from "./model.ts";
import { readCost } from "./read_cost.ts";
import { TurnBuilder } from "./turn_builder.ts";

type InputItem = OpenAI.Responses.ResponseInputItem;
type StreamEvent = OpenAI.Responses.ResponseStreamEvent;

/** Asks for one turn, as a stream; nothing is kept at the endpoint. Rejects with whatever the library threw. */
export async function responsesTurn(
  client: OpenAI,
  request: ModelRequest & { model: string },
  { signal, onDelta, onAlive }: TurnOptions,
): Promise<ModelTurn> {
  const { instructions, items, tools, model, maxOutputTokens } = request;
  const stream = await client.responses.create({
    model,
    instructions,
    input: items.flatMap(toInput),
    ...(tools.length > 0 && {
      tools: tools.map((tool) => ({ type: "function" as const, ...tool, strict: false })),
    }),
    ...(maxOutputTokens !== undefined && { max_output_tokens: maxOutputTokens }),
    store: false,
    stream: true,
  }, { signal });
  const turn = new TurnBuilder(onDelta);
  for await (const event of stream) {
    onAlive();
    take(event, turn);
  }
  return turn.turn();
}

function take(event: StreamEvent, turn: TurnBuilder): void {
  switch (event.type) {
    case "response.output_text.delta":
      return turn.addText(event.delta);
    case "response.refusal.delta":
      return turn.addRefusal(event.delta);
    case "response.output_item.added":
      if (event.item.type !== "function_call") return;
      return turn.addCall(event.output_index, { id: event.item.call_id, name: event.item.name });
    case "response.function_call_arguments.delta":
      return turn.addCall(event.output_index, { arguments: event.delta });
    case "response.function_call_arguments.done":
      return turn.setArguments(event.output_index, event.arguments);
    case "response.completed":
      useOf(event.response, turn);
      return turn.end("stop");
    case "response.incomplete": {
      useOf(event.response, turn);
      const isFiltered = event.response.incomplete_details?.reason === "content_filter";
      return turn.end(isFiltered ? "refusal" : "length");
    }
    case "response.failed":
    case "error":
      throw new ModelError("broken", "Cannot get an answer of the model: it failed half way");
    default:
      return;
  }
}

function useOf({ usage }: OpenAI.Responses.Response, turn: TurnBuilder): void {
  if (!usage) return;
  const { input_tokens: inputTokens, output_tokens: outputTokens } = usage;
  turn.use({ inputTokens, outputTokens, ...readCost(usage) });
}

function toInput(item: ModelItem): InputItem[] {
  switch (item.type) {
    case "user":
      return [{ role: "user", content: item.text }];
    case "tool":
      return [{ type: "function_call_output", call_id: item.callId, output: item.text }];
    case "assistant": {
      const calls = item.calls.map(({ id, name, arguments: text }) => ({
        type: "function_call" as const,
        call_id: id,
        name,
        arguments: text,
      }));
      return item.text === "" ? calls : [{ role: "assistant", content: item.text }, ...calls];
    }
    default:
      return item satisfies never;
  }
}
