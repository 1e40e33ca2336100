/** Events as server-sent events. @module */

import { logger } from "../log/log.ts";

/** One event of a stream. */
export interface StreamedEvent {
  /** Where to go on from. @default {nowhere} */
  id?: string | number;
  event: string;
  data: unknown;
}

/** Options of {@linkcode eventStream}. */
export interface EventStreamOptions {
  /** Fired when the client leaves, before the iterator is returned. */
  leaving: AbortController;
  /** How often a quiet stream sends a comment, milliseconds. @default {15000} */
  heartbeatMs?: number;
}

/**
 * Writes events as `text/event-stream`, each when it happens and as fast as the
 * client reads, until the last one or until the client leaves.
 */
export function eventStream(
  events: AsyncIterable<StreamedEvent>,
  options: EventStreamOptions,
): ReadableStream<Uint8Array> {
  const { leaving, heartbeatMs = 15_000 } = options;
  const iterator = events[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      // Sent at once, so that the client knows that it is connected.
      controller.enqueue(encoder.encode(": events\n\n"));
      heartbeat = setInterval(() => {
        // A client that does not read gets no heartbeats piled up for it.
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(":\n\n"));
      }, heartbeatMs);
    },
    async pull(controller) {
      try {
        const next = await iterator.next();
        if (leaving.signal.aborted) return;
        if (!next.done) return controller.enqueue(encoder.encode(formatEvent(next.value)));
        clearInterval(heartbeat);
        controller.close();
      } catch (error) {
        clearInterval(heartbeat);
        if (leaving.signal.aborted) return;
        logger("http").error("events ended", { error });
        controller.error(new Error("Cannot go on with the events: they ended unexpectedly"));
      }
    },
    async cancel() {
      clearInterval(heartbeat);
      leaving.abort();
      await iterator.return?.();
    },
  });
}

/** One event; JSON text has no line ends, so its data is one line. */
function formatEvent({ id, event, data }: StreamedEvent): string {
  const where = id === undefined ? "" : `id: ${id}\n`;
  return `${where}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
