/** Keeps in KV what is remembered of each server's tools. @module */

import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import { readLarge, writeLarge } from "../storage/large_values.ts";
import type { Pin, PinRecord, ToolChange } from "./pin_record.ts";
import type { ListedTool } from "./tool.ts";

/** Definitions are kept up to these sizes, in characters of JSON; beyond them the hash alone is. */
const maxDefinition = 256 * 1024;
const maxDefinitions = 16 * 1024 * 1024;

const keys = {
  pins: (server: string) => ["pins", server],
  allPins: ["pins"],
};

const jsonSchema = z.union([z.boolean(), z.record(z.string(), z.unknown())]);

const definition: z.ZodType<ListedTool> = z.strictObject({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: jsonSchema,
  outputSchema: jsonSchema.optional(),
  annotations: z.strictObject({
    readOnlyHint: z.boolean().optional(),
    destructiveHint: z.boolean().optional(),
    idempotentHint: z.boolean().optional(),
    openWorldHint: z.boolean().optional(),
  }).optional(),
});

const pin: z.ZodType<Pin> = z.strictObject({
  hash: z.string(),
  definition: definition.optional(),
  isListed: z.boolean(),
  reported: z.string().optional(),
});

const change: z.ZodType<ToolChange> = z.strictObject({
  at: z.iso.datetime(),
  kind: z.enum(["added", "changed", "removed", "renamed", "accepted"]),
  tool: z.string(),
  to: z.string().optional(),
});

/** A list of pairs, since a tool may be called `__proto__`. */
const recordSchema = z.strictObject({
  pins: z.array(z.tuple([z.string(), pin])),
  changes: z.array(change),
});

/** A record as it lies in KV. */
export interface StoredPins {
  /** What it says. */
  readonly record: PinRecord;
  /** Its version, to be named when it is replaced. */
  readonly version: string;
}

/** Reads what is remembered of every server. */
export async function readAllPins(kv: Deno.Kv): Promise<Map<string, StoredPins>> {
  const all = new Map<string, StoredPins>();
  for await (const { key } of kv.list({ prefix: keys.allPins })) {
    const server = String(key[1]);
    const stored = await readPins(kv, server);
    if (stored !== undefined) all.set(server, stored);
  }
  return all;
}

/**
 * Reads what is remembered of a server.
 *
 * @throws {AirlockError} `unavailable` where it is damaged: to forget it would be to trust anew.
 */
export async function readPins(kv: Deno.Kv, server: string): Promise<StoredPins | undefined> {
  const value = await readLarge(kv, keys.pins(server));
  if (value === undefined) return undefined;
  try {
    const { pins, changes } = recordSchema.parse(JSON.parse(value.text()));
    return { record: { pins: new Map(pins), changes }, version: value.versionstamp };
  } catch (cause) {
    const message = `Cannot read the pinned tools of "${server}": the record is damaged`;
    throw new AirlockError("unavailable", message, { cause });
  }
}

/**
 * Writes what is remembered of a server.
 *
 * @param version The version it replaces, `null` where there is none.
 * @returns The new version, or `undefined` where another instance was faster.
 */
export async function writePins(
  kv: Deno.Kv,
  server: string,
  { pins, changes }: PinRecord,
  version: string | null,
): Promise<string | undefined> {
  let left = maxDefinitions;
  const parts = Array.from(pins, ([name, { definition, ...rest }]) => {
    const chars = definition === undefined ? 0 : JSON.stringify(definition).length;
    const isKept = chars <= Math.min(left, maxDefinition);
    if (isKept) left -= chars;
    return [name, isKept ? { ...rest, definition } : rest];
  });
  const text = JSON.stringify({ pins: parts, changes });
  return await writeLarge(kv, keys.pins(server), text, { check: version });
}
