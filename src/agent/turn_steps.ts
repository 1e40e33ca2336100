/** What was done for one message so far: after a restart the work goes on behind it. @module */

import { z } from "zod";
import type { ModelTurn } from "../model/model.ts";
import { type Also, Rows } from "./rows.ts";

/** A turn of the model, or the answer to one of its calls. */
export type TurnStep =
  | ({ type: "turn" } & ModelTurn)
  | {
    type: "answer";
    /** The call, by the name the model gave it. */
    callId: string;
    /** The tool. */
    name: string;
    text: string;
    run?: string;
  };

const usageSchema = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  costUsd: z.number().optional(),
});

const stepSchema: z.ZodType<TurnStep> = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("turn"),
    text: z.string(),
    calls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })),
    usage: usageSchema,
    ending: z.enum(["stop", "calls", "length", "refusal"]),
  }),
  z.object({
    type: z.literal("answer"),
    callId: z.string(),
    name: z.string(),
    text: z.string(),
    run: z.string().optional(),
  }),
]);

/** The steps of one message. */
export interface Steps {
  /** Those that are done. */
  load(): Promise<TurnStep[]>;
  /** Commits one more. */
  append(step: TurnStep): Promise<void>;
}

/** The steps of all messages that are in work: those of one agent at a time. */
export class StepStore {
  readonly #rows: Rows<TurnStep & { message: string }>;

  /** The steps that lie in a KV. */
  constructor(kv: Deno.Kv) {
    this.#rows = new Rows(kv, "agent_step", stepSchema.and(z.object({ message: z.string() })));
  }

  /** The steps of a message; `also` goes with each commit, and fails it where the agent was lost. */
  of(owner: string, message: string, also: Also): Steps {
    let next = 0;
    return {
      load: async () => {
        const rows = await this.#rows.list(owner);
        next = (rows.at(-1)?.number ?? -1) + 1;
        return rows.filter(({ row }) => row.message === message).map(({ row }) => row);
      },
      append: async (step) => {
        if (await this.#rows.write(owner, next++, { ...step, message }, also)) return;
        throw new Error("The agent belongs to another server by now");
      },
    };
  }

  /** Forgets the steps of an agent: its message is done. Gives whether that was committed. */
  async deleteAll(owner: string, also?: Also): Promise<boolean> {
    return await this.#rows.deleteAll(owner, also);
  }
}
