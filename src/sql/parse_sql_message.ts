/** Reads what the SQL process says: hostile until it has passed here. @module */

import { z } from "zod";
import { maxDatabaseBytes, type SqlMessage } from "../protocol/sql_messages.ts";
import { parseJson } from "../protocol/json_text.ts";

/** Levels of a message: rows of `{ base64 }` are the deepest. */
const maxDepth = 6;
/** Characters of a whole database, gzipped and in base64; gzip may add a little. */
const maxBase64Length = Math.ceil((maxDatabaseBytes + 65_536) * 4 / 3) + 4;

const size = z.int().nonnegative().max(2 * maxDatabaseBytes);
const cell = z.union([
  z.null(),
  z.number(),
  z.string(),
  z.strictObject({ base64: z.string() }),
]);

const schemas: {
  [T in SqlMessage["type"]]: z.ZodType<Extract<SqlMessage, { type: T }>>;
} = {
  ready: z.strictObject({ type: z.literal("ready") }),
  opened: z.strictObject({ type: z.literal("opened"), size }),
  answered: z.strictObject({
    type: z.literal("answered"),
    columns: z.array(z.string()).max(1_000),
    rows: z.array(z.record(z.string(), cell)).max(10_000),
    changes: z.int().nonnegative(),
    size,
    written: z.strictObject({
      kind: z.enum(["changes", "snapshot"]),
      bytes: z.string().max(maxBase64Length).regex(/^[A-Za-z0-9+/]+={0,2}$/),
    }).optional(),
  }),
  refused: z.strictObject({
    type: z.literal("refused"),
    code: z.enum(["invalid_arguments", "tool_failed"]),
    message: z.string().max(500),
  }),
  unknown: z.strictObject({ type: z.literal("unknown") }),
};
const schema = z.union(Object.values(schemas));

/** The message that a frame holds; `undefined` where it holds none. */
export function parseSqlMessage(text: string): SqlMessage | undefined {
  try {
    return schema.safeParse(parseJson(text, { maxDepth })).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
