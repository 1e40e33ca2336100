/** The agents there are, in KV. @module */

import { z } from "zod";
import type { Page, PageOptions } from "../runs/run_service.ts";
import { type AgentDefinition, definitionSchema } from "./agent_definition.ts";
import { type AgentId, noSuchAgent, ownerOf } from "./agent_name.ts";

const keys = {
  agent: ({ principal, name }: AgentId) => ["agent", principal, name],
  agents: (principal: string) => ["agent", principal],
  /** Counts its messages; a change of it is a message that came or went. */
  tally: (id: AgentId) => ["agent_tally", ownerOf(id)],
};

/** An agent as it is kept. */
export interface StoredAgent {
  /** As its owner wrote it. */
  definition: AgentDefinition;
  /** ISO 8601. */
  createdAt: string;
  /** When its definition was last written, ISO 8601. */
  updatedAt: string;
}

/** How much there is of it. */
export interface Tally {
  /** Messages in the history. */
  messages: number;
  /** Messages that ever came in. */
  received: number;
  /** When it last said or was told something, ISO 8601. */
  lastActive?: string;
}

const agentSchema: z.ZodType<StoredAgent> = z.object({
  definition: definitionSchema,
  createdAt: z.string(),
  updatedAt: z.string(),
});

const tallySchema: z.ZodType<Tally> = z.object({
  messages: z.int().nonnegative(),
  received: z.int().nonnegative(),
  lastActive: z.string().optional(),
});

/** A tally and its version, to be written back only where nobody else did meanwhile. */
export interface TallyEntry {
  /** The counts. */
  readonly tally: Tally;
  /** Where they lie, and their version. */
  readonly entry: Deno.KvEntryMaybe<unknown>;
}

/** Keeps definitions and counts; nothing of it is in memory. */
export class AgentStore {
  readonly #kv: Deno.Kv;
  readonly #now: () => number;

  /** The agents that lie in a KV. */
  constructor(kv: Deno.Kv, now: () => number = Date.now) {
    [this.#kv, this.#now] = [kv, now];
  }

  /** Makes an agent, or gives one that is there a new definition; its memory stays. */
  async put(id: AgentId, definition: AgentDefinition): Promise<StoredAgent> {
    const at = new Date(this.#now()).toISOString();
    while (true) {
      const entry = await this.#kv.get(keys.agent(id));
      const before = agentSchema.safeParse(entry.value).data;
      const agent = { definition, createdAt: before?.createdAt ?? at, updatedAt: at };
      const { ok } = await this.#kv.atomic().check(entry).set(keys.agent(id), agent).commit();
      if (ok) return agent;
    }
  }

  /**
   * One agent.
   *
   * @throws {AirlockError} `not_found`.
   */
  async get(id: AgentId): Promise<StoredAgent> {
    const { value } = await this.#kv.get(keys.agent(id));
    const agent = value === null ? undefined : agentSchema.parse(value);
    if (agent === undefined) throw noSuchAgent(id);
    return agent;
  }

  /** The agents of a principal, in order of name. */
  async list(
    principal: string,
    { limit = 100, cursor }: PageOptions = {},
  ): Promise<Page<{ id: AgentId; agent: StoredAgent }>> {
    const entries = this.#kv.list({ prefix: keys.agents(principal) }, { limit, cursor });
    const items: { id: AgentId; agent: StoredAgent }[] = [];
    for await (const { key, value } of entries) {
      const id = { principal, name: z.string().parse(key[2]) };
      items.push({ id, agent: agentSchema.parse(value) });
    }
    return items.length < limit ? { items } : { items, cursor: entries.cursor };
  }

  /** How much there is of it. */
  async tally(id: AgentId): Promise<TallyEntry> {
    const entry = await this.#kv.get(keys.tally(id));
    const tally = tallySchema.safeParse(entry.value).data ?? { messages: 0, received: 0 };
    return { tally, entry };
  }

  /** Adds to a commit that the agent is still there. */
  async guard(id: AgentId): Promise<Deno.KvEntryMaybe<unknown>> {
    const entry = await this.#kv.get(keys.agent(id));
    if (entry.versionstamp === null) throw noSuchAgent(id);
    return entry;
  }

  /** Adds a new tally to a commit. */
  static writeTally(
    commit: Deno.AtomicOperation,
    { entry }: TallyEntry,
    tally: Tally,
  ): Deno.AtomicOperation {
    return commit.check(entry).set(entry.key, tally);
  }

  /** Forgets the definition first: from then on the agent is not there. */
  async delete(id: AgentId): Promise<void> {
    await this.#kv.atomic().delete(keys.agent(id)).delete(keys.tally(id)).commit();
  }
}
