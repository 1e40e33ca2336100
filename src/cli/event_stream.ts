/** Reads server-sent events of a run. @module */

import { z } from "zod";
import type { RunEvent } from "../runs/report.ts";
import { approval, callItem, logItem, progressItem, runReport } from "./api_schemas.ts";

/** Characters of one event. */
const MAX_EVENT = 64 * 1024 * 1024;

const eventSchema: z.ZodType<RunEvent> = z.discriminatedUnion("event", [
  z.object({ id: z.int(), event: z.literal("log"), data: logItem }),
  z.object({ id: z.int(), event: z.literal("call"), data: callItem }),
  z.object({ id: z.int(), event: z.literal("progress"), data: progressItem }),
  z.object({ id: z.int(), event: z.literal("approval"), data: approval }),
  z.object({ id: z.int(), event: z.literal("end"), data: runReport }),
]);

/** Events of a run as they come; comments and what is not understood are left out. */
export async function* readRunEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<RunEvent, void> {
  for await (const block of readBlocks(body)) {
    const event = parseEvent(block);
    if (event !== undefined) yield event;
  }
}

/** The texts between empty lines. */
async function* readBlocks(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  let rest = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const text = rest + chunk;
    // The other half of a line end may be in the next chunk.
    const held = text.endsWith("\r") ? "\r" : "";
    const lines = text.slice(0, text.length - held.length).replace(/\r\n?/g, "\n");
    const blocks = lines.split("\n\n");
    rest = (blocks.pop() ?? "") + held;
    if (rest.length > MAX_EVENT) throw new RangeError("Cannot read an event: it is too large");
    yield* blocks;
  }
}

function parseEvent(block: string): RunEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const [, name, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (!name) continue;
    const before = name === "data" ? fields.get("data") : undefined;
    fields.set(name, before === undefined ? value ?? "" : `${before}\n${value ?? ""}`);
  }
  const data = fields.get("data");
  if (data === undefined) return undefined;
  try {
    const id = Number(fields.get("id"));
    return eventSchema.safeParse({ id, event: fields.get("event"), data: JSON.parse(data) }).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
