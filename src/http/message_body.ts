/** A message to an agent, as it is sent. @module */

import { z } from "zod";

/** Characters of one message. */
export const maxContentChars = 1_000_000;
/** Bytes of a body with such a message. */
export const maxMessageBytes: number = 4 * maxContentChars + 1_024;

/** The body of `POST /v1/agents/:name/messages`. */
export const messageBody = z.strictObject({
  content: z.string().min(1).max(maxContentChars),
});
