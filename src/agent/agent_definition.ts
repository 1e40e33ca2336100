/** What an agent is, as its owner wrote it. @module */

import { z } from "zod";
import type { Limits } from "../config/config.ts";
import { limitNames } from "../config/parse_limits.ts";

/** Bounds of one message's work. */
export interface ThinkLimits {
  /** Turns of the model. @default {24} */
  turns: number;
  /** Tokens, of questions and answers. @default {400000} */
  tokens: number;
  /** US dollars, as the endpoint counts them. @default {no bound} */
  costUsd?: number;
  /** Tokens of the history that are handed over; what is older is summed up. @default {24000} */
  historyTokens: number;
}

/** The bounds of an agent that says nothing. */
export const defaultThinkLimits: ThinkLimits = {
  turns: 24,
  tokens: 400_000,
  historyTokens: 24_000,
};

/** What an agent is. */
export interface AgentDefinition {
  /** What it is for, in words for the model. */
  instructions: string;
  /** In place of the configured model. */
  model?: string;
  /** What its code may call, as globs. @default {all that its owner may} */
  tools?: string[];
  /** Those of its work, and those of each of its runs. */
  limits?: Partial<ThinkLimits & Limits>;
}

const count = z.int().positive();

/** Limits of an agent: those of its work, and those of each of its runs. */
const limitsSchema = z.strictObject({
  turns: z.int().min(1).max(200).optional(),
  tokens: z.int().min(1_000).max(100_000_000).optional(),
  costUsd: z.number().positive().max(10_000).optional(),
  historyTokens: z.int().min(1_000).max(1_000_000).optional(),
  timeoutMs: count.optional(),
  cpuMs: count.optional(),
  memoryMb: count.optional(),
  calls: count.optional(),
  callsInFlight: count.optional(),
  argumentBytes: count.optional(),
  answerBytes: count.optional(),
  logBytes: count.optional(),
  resultBytes: count.optional(),
  codeBytes: count.optional(),
});

const definitionShape = {
  instructions: z.string().max(65_536).describe("What the agent is for, in words for the model"),
  model: z.string().min(1).max(256).optional().describe("In place of the configured model"),
  tools: z.array(z.string().min(1).max(256)).max(256).optional()
    .describe("What its code may call, as globs; all that its owner may, by default"),
  limits: limitsSchema.optional(),
};

/** The body of `PUT /v1/agents/:name`. */
export const definitionSchema: z.ZodObject<typeof definitionShape, z.core.$strict> = z.strictObject(
  definitionShape,
);

/** The bounds of its work. */
export function thinkLimits({ limits = {} }: AgentDefinition): ThinkLimits {
  const { turns, tokens, costUsd, historyTokens } = limits;
  return {
    turns: turns ?? defaultThinkLimits.turns,
    tokens: tokens ?? defaultThinkLimits.tokens,
    historyTokens: historyTokens ?? defaultThinkLimits.historyTokens,
    ...(costUsd !== undefined && { costUsd }),
  };
}

/** The bounds of each of its runs; those it says nothing about are absent. */
export function runLimitsOf({ limits = {} }: AgentDefinition): Partial<Limits> {
  const given: Partial<Limits> = {};
  for (const name of limitNames) {
    const value = limits[name];
    if (value !== undefined) given[name] = value;
  }
  return given;
}
