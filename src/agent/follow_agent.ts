/** Watches an agent, from now on or from where a client was before. @module */

import type { History } from "./history.ts";
import type { AgentEvent, LiveEvents } from "./live_events.ts";

/** Stored messages that are told at the most to one who was away. */
const maxMissed = 1_000;

/** What {@linkcode followAgent} reads. */
export interface FollowDeps {
  /** Tells those who watch. */
  events: LiveEvents;
  /** What was said. */
  history: History;
}

/**
 * The events of an agent until the signal fires. What came after a cursor that is not held any more
 * is told by the messages that were stored since: no gap but that of what is not stored.
 */
export async function* followAgent(
  owner: string,
  { events, history }: FollowDeps,
  { cursor, signal }: { cursor?: string; signal: AbortSignal },
): AsyncGenerator<AgentEvent> {
  const over = new AbortController();
  const live = events.watch(owner, AbortSignal.any([signal, over.signal]));
  try {
    // It watches from its first step on: what happens while the rest is read is not lost.
    const first = live.next();
    const before = cursor === undefined
      ? []
      : events.since(owner, cursor) ?? await missed(owner, cursor, history);
    yield* before;
    const told = new Set(before.map((event) => event.cursor));
    for (let next = await first; !next.done; next = await live.next()) {
      if (!told.has(next.value.cursor)) yield next.value;
    }
  } finally {
    over.abort();
    await live.return(undefined);
  }
}

async function missed(owner: string, cursor: string, history: History): Promise<AgentEvent[]> {
  const after = Number(/^(\d+)\.\d+$/.exec(cursor)?.[1] ?? 0);
  const rows = await history.messages.list(owner, { after, limit: maxMissed });
  return rows.map(({ number, row }) => ({ type: "message", ...row, cursor: `${number}.1` }));
}
