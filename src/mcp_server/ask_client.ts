/** Asks the person in front of the client whether a call may be made. @module */

import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import type { DirectCallOptions } from "../runs/call_tool.ts";
import type { RequestContext } from "./request_context.ts";
import { ANSWER_MS, type PassSession } from "./pass_session.ts";
import { visibleLine } from "../prompts/visible_text.ts";

const answer = z.object({
  action: z.enum(["accept", "decline", "cancel"]),
  content: z.object({ approve: z.boolean().optional() }).nullish(),
});

const requestedSchema = {
  type: "object",
  properties: { approve: { type: "boolean", title: "Allow this call", default: false } },
  required: ["approve"],
};

/**
 * How a call that the policy wants approved is asked for; `undefined` where the
 * client shows no forms: then the call waits as an approval.
 */
export function askClient(session: PassSession, request: RequestContext): DirectCallOptions["ask"] {
  const { elicitation } = session.capabilities;
  // Before there were modes, an empty object meant forms.
  const hasForms = elicitation !== undefined &&
    (elicitation.form !== undefined || elicitation.url === undefined);
  if (!hasForms) return undefined;
  return async ({ tool, args }, reason, signal) => {
    const shown = visibleLine(JSON.stringify(args), 2000);
    const message = `Airlock asks: may "${visibleLine(tool, 200)}" be called with ${shown}? ` +
      visibleLine(reason, 500);
    const params = { message, requestedSchema };
    const reply = await request.send({ method: "elicitation/create", params }, answer, {
      signal,
      timeout: ANSWER_MS,
    });
    if (reply.action === "accept" && reply.content?.approve === true) return;
    throw new AirlockError("tool_denied", `Cannot call "${tool}": a person said no`);
  };
}
