/** What happens to agents, for those who watch: each event with a cursor to come back to. @module */

import type { Json } from "../protocol/json.ts";
import type { CallItem } from "../runs/report.ts";

/** What happened. */
export type NewAgentEvent =
  | {
    type: "message";
    id: string;
    role: "user" | "assistant";
    content: string;
    at: string;
    runs?: string[];
  }
  /** More of the reply to a message; `restart` where it begins anew. */
  | { type: "delta"; message: string; text: string; restart?: true }
  | { type: "run"; message: string; run: string; status: string }
  | { type: "call"; message: string; run: string; call: CallItem }
  /** The message is done, and what came of it is stored. */
  | { type: "end"; message: string }
  | { type: "state"; state: Json; version: string }
  | { type: "error"; message?: string; code: string; detail: string };

/** An event and where it stands: a cursor names all that came before. */
export type AgentEvent = NewAgentEvent & { cursor: string };

/** Events that are kept for those who come back. */
const maxKept = 1_000;
/** Events that may wait for one who reads slowly; then that one is dropped. */
const maxBehind = 5_000;

interface Watcher {
  readonly waiting: AgentEvent[];
  wake(): void;
  isDropped: boolean;
}

/** One agent's events since it was first watched or last woke. */
class Channel {
  readonly kept: AgentEvent[] = [];
  readonly watchers = new Set<Watcher>();
  messages = 0;
  sinceMessage = 0;
}

/** The events of all agents that are at work or watched; of others nothing is held. */
export class LiveEvents {
  readonly #channels = new Map<string, Channel>();

  /**
   * Tells all watchers.
   *
   * @param messages How many messages the history has by now.
   */
  emit(owner: string, event: NewAgentEvent, messages: number): void {
    const channel = this.#channels.get(owner) ?? new Channel();
    this.#channels.set(owner, channel);
    if (messages > channel.messages) [channel.messages, channel.sinceMessage] = [messages, 0];
    const cursor = `${channel.messages}.${++channel.sinceMessage}`;
    const whole = { ...event, cursor };
    channel.kept.push(whole);
    if (channel.kept.length > maxKept) channel.kept.shift();
    for (const watcher of channel.watchers) {
      watcher.waiting.push(whole);
      if (watcher.waiting.length > maxBehind) watcher.isDropped = true;
      watcher.wake();
    }
  }

  /** The events after a cursor, where they are all still here; nothing where they are not. */
  since(owner: string, cursor: string): AgentEvent[] | undefined {
    const kept = this.#channels.get(owner)?.kept ?? [];
    const at = kept.findIndex((event) => event.cursor === cursor);
    return at < 0 ? undefined : kept.slice(at + 1);
  }

  /**
   * Watches from now on, until the signal fires. One who reads too slowly is dropped, and comes back
   * with the last cursor it has.
   */
  async *watch(owner: string, signal: AbortSignal): AsyncGenerator<AgentEvent> {
    const channel = this.#channels.get(owner) ?? new Channel();
    this.#channels.set(owner, channel);
    let wake = Promise.withResolvers<void>();
    const watcher: Watcher = { waiting: [], wake: () => wake.resolve(), isDropped: false };
    const stop = () => wake.resolve();
    channel.watchers.add(watcher);
    signal.addEventListener("abort", stop);
    try {
      while (!signal.aborted && !watcher.isDropped) {
        const next = watcher.waiting.shift();
        if (next !== undefined) {
          yield next;
          continue;
        }
        await wake.promise;
        wake = Promise.withResolvers();
      }
    } finally {
      signal.removeEventListener("abort", stop);
      channel.watchers.delete(watcher);
      this.rest(owner);
    }
  }

  /** Ends the watch of all: they come back to the next server with their cursors. */
  close(): void {
    for (const { watchers } of this.#channels.values()) {
      for (const watcher of watchers) {
        watcher.isDropped = true;
        watcher.wake();
      }
    }
  }

  /** Lets go of what is held of an agent that nobody watches. */
  rest(owner: string, isAsleep: boolean = false): void {
    const channel = this.#channels.get(owner);
    if (channel === undefined || channel.watchers.size > 0) return;
    if (isAsleep || channel.kept.length === 0) this.#channels.delete(owner);
  }
}
