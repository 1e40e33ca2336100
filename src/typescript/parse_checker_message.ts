/** Reads what a checker says: hostile until it has passed here. @module */

import { z } from "zod";
import type { CheckerMessage } from "../protocol/checker_messages.ts";

const finding = z.strictObject({
  kind: z.enum(["syntax", "unknown_name", "unknown_tool", "wrong_arguments", "remark"]),
  line: z.int().positive(),
  column: z.int().positive(),
  message: z.string().max(2_000),
  name: z.string().max(300_000).optional(),
  tool: z.string().max(1_000).optional(),
});

const schemas: {
  [T in CheckerMessage["type"]]: z.ZodType<Extract<CheckerMessage, { type: T }>>;
} = {
  ready: z.strictObject({ type: z.literal("ready") }),
  declared: z.strictObject({ type: z.literal("declared") }),
  checked: z.strictObject({
    type: z.literal("checked"),
    findings: z.array(finding).max(100),
  }),
  unreadable: z.strictObject({ type: z.literal("unreadable") }),
};
const schema = z.union(Object.values(schemas));

/** The message that a frame holds; `undefined` where it holds none. */
export function parseCheckerMessage(text: string): CheckerMessage | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
