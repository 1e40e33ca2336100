/** Sends the person behind a client to the login of a server that their code names. @module */

import type { InputRequests, InputRequiredResult } from "@modelcontextprotocol/server";
import { logger } from "../log/log.ts";
import { namesServer } from "../servers/await_servers.ts";
import type { AttendContext } from "./attendants.ts";
import { askByRequest, personAbilities, toParams } from "./person.ts";

const log = logger("mcp_server");

/** How long a person may take to log in before the code runs without the server, milliseconds. */
const loginMs = 300_000;

/**
 * Asks the person to log in to each server that the code names and that wants a login, and waits
 * until they have. Gives the answer that asks, where the client is asked in answers.
 */
export async function offerLogins(
  code: string,
  { deps, request, capabilities }: AttendContext,
): Promise<InputRequiredResult | undefined> {
  const { logins } = deps;
  if (logins === undefined || !personAbilities(request, capabilities).url) return undefined;
  const wanted = (await deps.servers())
    .filter(({ state, name }) => state === "needs_auth" && namesServer(code, name));
  const inputRequests: InputRequests = {};
  for (const { name } of wanted) {
    const key = `login:${name}`;
    const reply = request.inputResponses?.[key];
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(loginMs)]);
    if (reply !== undefined) {
      if (isAccepted(reply)) await logins.done(name, signal);
      continue;
    }
    const question = await ask(name, logins);
    if (question === undefined) continue;
    if (request.envelope === undefined) {
      const answer = await askByRequest(request)(question, signal);
      if (isAccepted(answer)) await logins.done(name, signal);
      continue;
    }
    const params = toParams(question);
    if (params !== undefined) inputRequests[key] = { method: "elicitation/create", params };
  }
  if (Object.keys(inputRequests).length === 0) return undefined;
  return { resultType: "input_required", inputRequests };
}

async function ask(server: string, { begin }: NonNullable<AttendContext["deps"]["logins"]>) {
  try {
    const { url } = await begin(server);
    return { server, message: "it wants you to log in before code can use its tools", url };
  } catch (error) {
    // The code then says that the server is not there, and why.
    log.info("login not offered", { server, error });
    return undefined;
  }
}

function isAccepted(reply: unknown): boolean {
  return Object(reply).action === "accept";
}
