/** Messages that wait for their agent: committed before anything else, handled in order. @module */

import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import { hashText } from "../hashing/hash_json.ts";
import { type AgentId, ownerOf } from "./agent_name.ts";
import { AgentStore } from "./agent_store.ts";
import { type Also, Rows } from "./rows.ts";

/** A message that waits. */
export interface Letter {
  /** Identifies it. */
  id: string;
  /** What was said. */
  content: string;
  /** ISO 8601. */
  at: string;
}

/** What came of a message. */
export interface Outcome {
  /** The message. */
  id: string;
  /** What the agent said. */
  reply: { id: string; role: "assistant"; content: string };
  /** Runs code. */
  runs: string[];
  /** What it took. */
  usage: { inputTokens: number; outputTokens: number; turns: number; costUsd?: number };
  /** Why there is no better reply. */
  error?: { code: string; message: string };
}

const letterSchema: z.ZodType<Letter> = z.object({
  id: z.string(),
  content: z.string(),
  at: z.string(),
});

const outcomeSchema: z.ZodType<Outcome> = z.object({
  id: z.string(),
  reply: z.object({ id: z.string(), role: z.literal("assistant"), content: z.string() }),
  runs: z.array(z.string()),
  usage: z.object({
    inputTokens: z.number(),
    outputTokens: z.number(),
    turns: z.number(),
    costUsd: z.number().optional(),
  }),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});

const keyedSchema = z.object({ id: z.string(), number: z.number(), hash: z.string() });
const waitingSchema = z.object({ principal: z.string(), name: z.string() });

/** Messages that may wait for one agent. */
const maxWaiting = 1_000;
/** How long an idempotency key is kept, milliseconds. */
const keyMs = 24 * 60 * 60 * 1_000;

const keys = {
  keyed: (owner: string, key: string) => ["agent_letter_key", owner, key],
  allKeyed: (owner: string) => ["agent_letter_key", owner],
  /** Agents with letters: who is to be woken after a restart. */
  waiting: (owner: string) => ["agent_waiting", owner],
  allWaiting: ["agent_waiting"],
};

/** A message that was put in, now or before. */
export interface Posted {
  /** Identifies it. */
  readonly id: string;
  /** Its place in the mailbox. */
  readonly number: number;
}

/** The mailboxes of all agents. */
export class Mailbox {
  /** What waits, in order. */
  readonly letters: Rows<Letter>;
  /** What came of each message, by its number. */
  readonly outcomes: Rows<Outcome>;
  readonly #kv: Deno.Kv;
  readonly #store: AgentStore;
  readonly #now: () => number;

  /** The mailboxes that lie in a KV. */
  constructor(kv: Deno.Kv, store: AgentStore, now: () => number = Date.now) {
    [this.#kv, this.#store, this.#now] = [kv, store, now];
    this.letters = new Rows(kv, "agent_letter", letterSchema);
    this.outcomes = new Rows(kv, "agent_outcome", outcomeSchema);
  }

  /**
   * Puts a message in; the same key gives the same message again.
   *
   * @throws {AirlockError} `not_found`, `queue_full`, or `key_reused` for another message.
   */
  async post(id: AgentId, content: string, key?: string, also?: Also): Promise<Posted> {
    const owner = ownerOf(id);
    const hash = hashText(content);
    while (true) {
      const agent = await this.#store.guard(id);
      const before = key === undefined ? undefined : await this.#kv.get(keys.keyed(owner, key));
      const keyed = keyedSchema.safeParse(before?.value).data;
      if (keyed !== undefined && keyed.hash !== hash) throw reused();
      if (keyed !== undefined) return keyed;
      const tally = await this.#store.tally(id);
      await this.#assertRoom(id, owner);
      const number = tally.tally.received + 1;
      const letter = {
        id: `msg_${crypto.randomUUID()}`,
        content,
        at: new Date(this.#now()).toISOString(),
      };
      const isIn = await this.letters.write(owner, number, letter, (commit) => {
        commit.check(agent).set(keys.waiting(owner), { ...id });
        AgentStore.writeTally(commit, tally, { ...tally.tally, received: number });
        if (before !== undefined && key !== undefined) {
          const value = { id: letter.id, number, hash };
          commit.check(before).set(before.key, value, { expireIn: keyMs });
        }
        return also === undefined ? commit : also(commit);
      });
      if (isIn) return { id: letter.id, number };
      if (also !== undefined) {
        throw new AirlockError("conflict", "Cannot take the message in again");
      }
    }
  }

  /** The message that is next. */
  async first(id: AgentId): Promise<{ number: number; letter: Letter } | undefined> {
    const [first] = await this.letters.list(ownerOf(id), { limit: 1 });
    return first === undefined ? undefined : { number: first.number, letter: first.row };
  }

  /** Nobody waits for the agent any more, unless a letter came meanwhile. */
  async settle(id: AgentId): Promise<void> {
    const owner = ownerOf(id);
    const { entry } = await this.#store.tally(id);
    if (await this.first(id) !== undefined) return;
    await this.#kv.atomic().check(entry).delete(keys.waiting(owner)).commit();
  }

  /** Agents that have letters. */
  async *waiting(): AsyncGenerator<AgentId> {
    for await (const { value } of this.#kv.list({ prefix: keys.allWaiting })) {
      const id = waitingSchema.safeParse(value).data;
      if (id !== undefined) yield id;
    }
  }

  /** Forgets it all. */
  async deleteAll(id: AgentId): Promise<void> {
    const owner = ownerOf(id);
    await this.letters.deleteAll(owner);
    await this.outcomes.deleteAll(owner);
    await this.#kv.delete(keys.waiting(owner));
    for await (const { key } of this.#kv.list({ prefix: keys.allKeyed(owner) })) {
      await this.#kv.delete(key);
    }
  }

  async #assertRoom(id: AgentId, owner: string): Promise<void> {
    let waiting = 0;
    const letters = this.#kv.list({ prefix: ["agent_letter", owner] }, { limit: maxWaiting });
    for await (const _letter of letters) waiting++;
    if (waiting < maxWaiting) return;
    const state = `${maxWaiting} messages are waiting`;
    throw new AirlockError("queue_full", `Cannot send to agent "${id.name}": ${state}`);
  }
}

function reused(): AirlockError {
  const message = "Cannot send the message: the idempotency key was used for another one";
  return new AirlockError("key_reused", message);
}
