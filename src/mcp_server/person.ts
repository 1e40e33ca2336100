/** The person in front of an MCP client, asked while their code runs. @module */

import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type ElicitRequestParams,
  type InputRequests,
  type InputRequiredResult,
  isSpecType,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Elicit, Elicitation, ElicitationAnswer } from "../mcp/elicitation.ts";
import type { RequestContext } from "./request_context.ts";
import { ANSWER_MS } from "./pass_session.ts";
import { visibleLine } from "../prompts/visible_text.ts";

/** What Airlock's own questions have in the place of a server. */
export const ownQuestion = "";

/** What a person answers; what a form was filled in with is as it came, and bounded. */
const answerSchema: z.ZodType<ElicitationAnswer> = z.union([
  z.object({
    action: z.literal("accept"),
    content: z.record(
      z.string().max(200),
      z.union([z.string().max(100_000), z.number(), z.boolean(), z.array(z.string()).max(1_000)]),
    ).nullish().transform((content) => content ?? undefined),
  }),
  z.object({ action: z.enum(["decline", "cancel"]) }),
]);

const capabilitiesSchema = z.looseObject({
  elicitation: z.looseObject({
    form: z.looseObject({}).optional(),
    url: z.looseObject({}).optional(),
  }).optional(),
});
const envelopeSchema = z.looseObject({
  [CLIENT_CAPABILITIES_META_KEY]: capabilitiesSchema.optional(),
});

/** Whether a client shows forms, and whether it opens pages. */
export interface PersonAbilities {
  form: boolean;
  url: boolean;
}

/** What a client can show a person; in the era of 2026 it says so with each request. */
export function personAbilities(
  request: Pick<RequestContext, "envelope">,
  attached: ClientCapabilities | undefined,
): PersonAbilities {
  const declared = envelopeSchema.safeParse(request.envelope).data?.[CLIENT_CAPABILITIES_META_KEY];
  const { elicitation } = declared ?? capabilitiesSchema.safeParse(attached).data ?? {};
  if (elicitation === undefined) return { form: false, url: false };
  // Before there were modes, an empty object meant forms.
  const form = elicitation.form !== undefined || elicitation.url === undefined;
  return { form, url: elicitation.url !== undefined };
}

/** Asks by a request of our own, as was done until 2025. */
export function askByRequest(request: Pick<RequestContext, "send">): Elicit {
  return async (question, signal) => {
    const params = toParams(question);
    if (params === undefined) return { action: "decline" };
    const options = { signal, timeout: ANSWER_MS };
    return await request.send({ method: "elicitation/create", params }, answerSchema, options);
  };
}

interface Open {
  readonly params: ElicitRequestParams;
  resolve(answer: ElicitationAnswer): void;
}

/** Questions of one run for a client that is asked in answers, and replies in its next request (2026). */
export class Rounds {
  readonly #open = new Map<string, Open>();
  #asked = Promise.withResolvers<void>();

  /** Asks in the next answer. Declines by itself when nobody replies for ten minutes. */
  readonly ask: Elicit = async (question, signal) => {
    const params = toParams(question);
    if (params === undefined) return { action: "decline" };
    const id = crypto.randomUUID();
    const { promise, resolve } = Promise.withResolvers<ElicitationAnswer>();
    const cancel = () => resolve({ action: "cancel" });
    const timer = setTimeout(cancel, ANSWER_MS);
    signal.addEventListener("abort", cancel);
    this.#open.set(id, { params, resolve });
    this.#asked.resolve();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", cancel);
      this.#open.delete(id);
      if (this.#open.size === 0) this.#asked = Promise.withResolvers();
    }
  };

  /** Resolves when there is a question. */
  asked(): Promise<void> {
    return this.#asked.promise;
  }

  /** Takes replies; to what was not asked, nothing happens. */
  reply(responses: Record<string, unknown> | undefined): void {
    for (const [id, { resolve }] of [...this.#open]) {
      const response = responses?.[id];
      if (response === undefined) continue;
      this.#open.delete(id);
      resolve(answerSchema.safeParse(response).data ?? { action: "cancel" });
    }
    if (this.#open.size === 0) this.#asked = Promise.withResolvers();
  }

  /** The answer that asks; `state` brings the client back to its run. */
  toResult(state: string): InputRequiredResult | undefined {
    if (this.#open.size === 0) return undefined;
    const inputRequests: InputRequests = {};
    for (const [id, { params }] of this.#open) {
      inputRequests[id] = { method: "elicitation/create", params };
    }
    return { resultType: "input_required", inputRequests, requestState: state };
  }
}

/** As the wire has it, where it is such a question; who asks is said first, for it is not us. */
export function toParams(
  { server, message, form, url }: Elicitation,
): ElicitRequestParams | undefined {
  const asker = server === ownQuestion ? "Airlock" : `Server "${visibleLine(server, 100)}"`;
  const text = `${asker} asks: ${visibleLine(message, 8_192)}`;
  const params: unknown = url === undefined
    ? { mode: "form", message: text, requestedSchema: form }
    : { mode: "url", message: text, url, elicitationId: crypto.randomUUID() };
  return isSpecType.ElicitRequestParams(params) ? params : undefined;
}
