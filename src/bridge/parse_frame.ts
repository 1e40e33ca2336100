/** Reads what came out of a host's pipe. Everything in it is hostile until here. @module */

import { z } from "zod";
import type { Json } from "../protocol/json.ts";
import { maxValueDepth, parseJson } from "../protocol/json_text.ts";
import type { HostMessage } from "../protocol/messages.ts";

/** A value lies within its message. */
const maxDepth = maxValueDepth + 1;

// Parsed from JSON text a moment ago, so JSON it is: only its being there is left to see.
const json = z.custom<Json>((value) => value !== undefined);
const callId = z.int().positive();
const toolName = z.string().max(1_024);
const logBytes = z.number().nonnegative().max(Number.MAX_SAFE_INTEGER);

const schemas: {
  [T in HostMessage["type"]]: z.ZodType<Extract<HostMessage, { type: T }>>;
} = {
  prepared: z.strictObject({ type: z.literal("prepared") }),
  closed: z.strictObject({ type: z.literal("closed") }),
  idle: z.strictObject({ type: z.literal("idle") }),
  log: z.strictObject({
    type: z.literal("log"),
    level: z.enum(["debug", "log", "info", "warn", "error"]),
    text: z.string(),
    ms: z.number().nonnegative(),
  }),
  progress: z.strictObject({
    type: z.literal("progress"),
    done: z.number(),
    total: z.number().optional(),
    text: z.string().max(1_000).optional(),
  }),
  emit: z.strictObject({ type: z.literal("emit"), block: json }),
  tool_call: z.strictObject({
    type: z.literal("tool_call"),
    callId,
    tool: toolName,
    args: json,
  }),
  bad_call: z.strictObject({
    type: z.literal("bad_call"),
    callId,
    tool: toolName,
    reason: z.string().max(10_000),
  }),
  query: z.strictObject({
    type: z.literal("query"),
    callId,
    query: z.enum(["search", "describe", "resource"]),
    args: json,
  }),
  timer: z.strictObject({
    type: z.literal("timer"),
    timer: z.int().positive(),
    ms: z.int().nonnegative().max(2 ** 31),
  }),
  done: z.strictObject({ type: z.literal("done"), result: json.optional(), logBytes }),
  failed: z.strictObject({
    type: z.literal("failed"),
    fault: z.strictObject({
      code: z.string().max(64),
      name: z.string().max(400),
      message: z.string().max(10_000),
      line: z.int().positive().optional(),
      column: z.int().positive().optional(),
      tool: toolName.optional(),
      hint: z.string().max(10_000).optional(),
    }),
    logBytes,
  }),
};
const envelope = z.looseObject({ type: z.enum(Object.keys(schemas) as HostMessage["type"][]) });

/** The message in a frame's text, or `undefined` where it is none of the protocol. */
export function parseFrame(text: string): HostMessage | undefined {
  const value = parseText(text);
  const type = envelope.safeParse(value).data?.type;
  return type === undefined ? undefined : schemas[type].safeParse(value).data;
}

function parseText(text: string): Json | undefined {
  try {
    return parseJson(text, { maxDepth });
  } catch {
    // Not JSON, or too deep: no message either way.
    return undefined;
  }
}
