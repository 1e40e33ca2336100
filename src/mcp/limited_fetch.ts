/** `fetch` whose answers cannot outgrow the memory. @module */

import type { FetchLike } from "@modelcontextprotocol/client";
import { UpstreamError } from "../servers/upstream_error.ts";
import { FrameLines, maxFrameBytes } from "./frame_lines.ts";

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
    const whole = endWith(response.body, init?.signal);
    const isEvents = response.headers.get("content-type")?.startsWith("text/event-stream");
    const body = isEvents
      ? whole.pipeThrough(new FrameLines({ maxBytes, prefix: "data:" }))
        .pipeThrough(boundEvents(maxBytes))
      : whole.pipeThrough(boundBytes(maxBytes));
    return new Response(body, { status, statusText, headers });
  };
}

/** Signals of answers that are still coming. */
const held = new Set<AbortSignal>();

/**
 * The same body, which ends when the signal fires. `fetch` itself does not see
 * to that: in Deno 2.9 its link to the signal is collected as garbage once the
 * answer has begun, and so is a signal that nobody holds.
 */
function endWith(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal | null | undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  if (!signal) return body;
  held.add(signal);
  const release = (): void => void held.delete(signal);
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>>();
  // How it ended, its reader learns by itself.
  void body.pipeTo(writable, { signal }).then(release, release);
  return readable;
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
