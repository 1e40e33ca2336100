/** The work on one message, as events of its stream. @module */

import type { Agents } from "../agent/agents.ts";
import type { AgentEvent } from "../agent/live_events.ts";
import type { Principal } from "../grants/principal.ts";
import type { StreamedEvent } from "./event_stream.ts";

/** A message that is to be sent. */
export interface StreamedMessage {
  /** The agent. */
  name: string;
  content: string;
  /** The idempotency key. */
  key?: string;
  principal: Principal;
  /** Fires when the client leaves; the work goes on. */
  signal: AbortSignal;
}

/** Sends a message, and tells what happens until its end: `delta`, `run`, `call`, `state`, `end`. */
export async function messageEvents(
  agents: Pick<Agents, "send" | "follow">,
  { name, content, key, principal, signal }: StreamedMessage,
): Promise<AsyncIterable<StreamedEvent>> {
  // Watched before the message is sent, so that nothing of it is missed.
  const over = new AbortController();
  const watching = AbortSignal.any([signal, over.signal]);
  const events = await agents.follow(name, principal, { signal: watching });
  const first = events.next();
  const sent = await agents.send(name, content, principal, { key }).catch((error) => {
    over.abort();
    throw error;
  });
  return (async function* () {
    let outcome = await sent.outcomeSoFar();
    let next = first;
    while (outcome === undefined) {
      const { value, done } = await next;
      if (done) break;
      next = events.next();
      if (value.type === "end" && value.message === sent.id) outcome = await sent.outcomeSoFar();
      else if (isOf(value, sent.id)) yield toStreamed(value);
    }
    over.abort();
    await events.return(undefined);
    if (outcome !== undefined) yield { event: "end", data: outcome };
  })();
}

function isOf(event: AgentEvent, message: string): boolean {
  switch (event.type) {
    case "message":
    case "error":
      return false;
    case "state":
      return true;
    default:
      return event.message === message;
  }
}

function toStreamed({ type, cursor, ...data }: AgentEvent): StreamedEvent {
  return { id: cursor, event: type, data };
}
