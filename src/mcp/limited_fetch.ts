/** `fetch` whose answers cannot outgrow the memory. @module */

import type { FetchLike } from "@modelcontextprotocol/client";
import { FrameLines, maxFrameBytes } from "./frame_lines.ts";
import { UpstreamError } from "./upstream_error.ts";

/** How much is read of what a failed response says, in characters. */
const maxErrorChars = 16_384;

/**
 * A `fetch` that ends a body after `maxBytes`. In an event stream, which may
 * live for days, it is the single event that is bounded: one that is too long
 * becomes an error for the request it would have answered.
 */
export function createLimitedFetch(maxBytes: number = maxFrameBytes): FetchLike {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response.body === null) return response;
    const { status, statusText, headers } = response;
    // Not everybody reads what a failure says, and what nobody reads keeps its connection.
    if (!response.ok) {
      return new Response(await readStart(response.body), { status, statusText, headers });
    }
    const isEvents = response.headers.get("content-type")?.startsWith("text/event-stream");
    const body = isEvents
      ? response.body.pipeThrough(new FrameLines({ maxBytes, prefix: "data:" }))
        .pipeThrough(boundEvents(maxBytes))
      : response.body.pipeThrough(boundBytes(maxBytes));
    return new Response(body, { status, statusText, headers });
  };
}

/** The first bytes of a body; the rest is refused. */
async function readStart(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= maxErrorChars) break;
  }
  return text.slice(0, maxErrorChars);
}

function boundBytes(maxBytes: number): TransformStream<Uint8Array<ArrayBuffer>> {
  let left = maxBytes;
  return new TransformStream({
    transform(chunk, controller) {
      left -= chunk.length;
      if (left >= 0) controller.enqueue(chunk);
      else controller.error(tooLarge(maxBytes));
    },
  });
}

/** Lines back to bytes; an event ends with an empty line. */
function boundEvents(maxBytes: number): TransformStream<string, Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  // The line that replaces an overlong one, and "data:", come on top of the bound.
  const fullBytes = maxBytes + 1024;
  let left = fullBytes;
  return new TransformStream({
    transform(line, controller) {
      const bytes = encoder.encode(line + "\n");
      left = line === "" ? fullBytes : left - bytes.length;
      if (left >= 0) controller.enqueue(bytes);
      else controller.error(tooLarge(maxBytes));
    },
  });
}

function tooLarge(maxBytes: number): UpstreamError {
  return new UpstreamError("refused", `its answer is larger than ${maxBytes} bytes`);
}
