/** Questions that a server asks a person while it works. Nobody here answers in a person's place. @module */

import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/client";
import type { Client, ElicitRequest } from "@modelcontextprotocol/client";
import { cleanText } from "../servers/clean_text.ts";

/** Longest question, in characters. */
const maxMessageChars = 8_192;

/** A question to a person. */
export interface Elicitation {
  /** The server that asks, by its configured key. */
  server: string;
  /** What it says; clean, and not to be believed. */
  message: string;
  /** A form to be filled in, or a page to be opened; the whole address is to be shown. */
  form?: Record<string, unknown>;
  /** The page. */
  url?: string;
}

/** What the person answered. */
export type ElicitationAnswer =
  | { action: "accept"; content?: Record<string, string | number | boolean | string[]> }
  | { action: "decline" | "cancel" };

/** Asks a person. */
export type Elicit = (question: Elicitation, signal: AbortSignal) => Promise<ElicitationAnswer>;

/**
 * Hands questions on to a person. Where there is no way to one, the server is
 * told so, and learns beforehand that it need not ask.
 */
export function handleElicitation(
  client: Client,
  server: string,
  elicit: Elicit | undefined,
): void {
  if (elicit === undefined) {
    client.fallbackRequestHandler = ({ method }) => {
      const reason = method === "elicitation/create"
        ? "Cannot ask a person: nobody is there to answer"
        : "Cannot answer: the client does not offer this";
      return Promise.reject(new ProtocolError(ProtocolErrorCode.MethodNotFound, reason));
    };
    return;
  }
  client.setRequestHandler(
    "elicitation/create",
    ({ params }, { mcpReq }) => elicit(toQuestion(server, params), mcpReq.signal),
  );
}

function toQuestion(server: string, params: ElicitRequest["params"]): Elicitation {
  const message = cleanText(params.message, maxMessageChars);
  if (params.mode === "url") return { server, message, url: params.url };
  return { server, message, form: params.requestedSchema };
}
