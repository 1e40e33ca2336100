/** What was said to an agent and by it: append-only, and summed up where it grows long. @module */

import { z } from "zod";
import type { ModelItem } from "../model/model.ts";
import { readLarge, writeLarge } from "../storage/large_values.ts";
import { Rows } from "./rows.ts";

/** One message. */
export interface Message {
  /** Identifies it. */
  id: string;
  /** Who said it. */
  role: "user" | "assistant";
  /** What was said. */
  content: string;
  /** ISO 8601. */
  at: string;
  /** What it took to answer. */
  runs?: string[];
}

/** What stands for the messages up to one. */
export interface Summary {
  /** Number of the last one. */
  upTo: number;
  /** The text. */
  text: string;
}

const messageSchema: z.ZodType<Message> = z.object({
  id: z.string(),
  role: z.enum(["user", "assistant"]),
  content: z.string(),
  at: z.string(),
  runs: z.array(z.string()).optional(),
});
const summarySchema: z.ZodType<Summary> = z.object({
  upTo: z.int().nonnegative(),
  text: z.string(),
});

const keys = { summary: (owner: string) => ["agent_summary", owner] };

/** The histories of all agents. */
export class History {
  /** The messages, numbered from 1. */
  readonly messages: Rows<Message>;
  readonly #kv: Deno.Kv;

  /** The histories that lie in a KV. */
  constructor(kv: Deno.Kv) {
    this.#kv = kv;
    this.messages = new Rows(kv, "agent_message", messageSchema);
  }

  /** What stands for the oldest messages. */
  async summary(owner: string): Promise<Summary | undefined> {
    const value = await readLarge(this.#kv, keys.summary(owner));
    return value === undefined ? undefined : summarySchema.parse(JSON.parse(value.text()));
  }

  /** Keeps a summary; the messages stay. */
  async summarize(owner: string, summary: Summary): Promise<void> {
    await writeLarge(this.#kv, keys.summary(owner), JSON.stringify(summary));
  }

  /** Forgets it all. */
  async deleteAll(owner: string): Promise<void> {
    await this.messages.deleteAll(owner);
    await this.#kv.delete(keys.summary(owner));
  }
}

/** A message as the model is told it. */
export function toModelItem({ role, content }: Message): ModelItem {
  return role === "user"
    ? { type: "user", text: content }
    : { type: "assistant", text: content, calls: [] };
}
