/** Prompts and completion in pass-through mode. @module */

import type { Server } from "@modelcontextprotocol/server";
import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { OwnName } from "./exposed_names.ts";
import { findResource, listItems, toListResult } from "./pass_lists.ts";
import type { PassHandling } from "./pass_on.ts";
import { accessToolOf, passOrThrow } from "./pass_resources.ts";
import { anyResult } from "./pass_session.ts";
import { visibleLine } from "../prompts/visible_text.ts";

const text = z.string().max(8192);
const promptParams = z.looseObject({
  name: text,
  arguments: z.record(z.string().max(1024), z.string().max(1_048_576)).optional(),
});
const argument = z.object({ name: text, value: text });
const completeParams = z.looseObject({
  ref: z.discriminatedUnion("type", [
    z.object({ type: z.literal("ref/prompt"), name: text, title: text.optional() }),
    z.object({ type: z.literal("ref/resource"), uri: text }),
  ]),
  argument,
  context: z.object({ arguments: z.record(text, text).optional() }).optional(),
});

/** Lists and gets the prompts of the servers that are shown, and completes their arguments. */
export function handlePrompts(server: Server, handling: PassHandling): void {
  const { names } = handling;
  const { prompts, completions } = server.getCapabilities();
  if (prompts) {
    server.setRequestHandler("prompts/list", { params: anyResult }, async (_params, { mcpReq }) => {
      const options = { context: handling, signal: mcpReq.signal };
      return toListResult("prompts/list", await listItems("prompts/list", names, options), names);
    });
    server.setRequestHandler("prompts/get", { params: promptParams }, async (params, ctx) => {
      const { name, arguments: given } = params;
      const own = ownPrompt(name, handling);
      const tool = accessToolOf(handling, own.server, "prompts/get");
      const args = { name: own.name, ...(given && { arguments: given }) };
      return await passOrThrow({ tool, args, request: ctx.mcpReq }, handling);
    });
  }
  if (completions) {
    server.setRequestHandler(
      "completion/complete",
      { params: completeParams },
      (params, ctx) => complete(params, ctx.mcpReq, handling),
    );
  }
}

async function complete(
  { ref, argument, context }: z.infer<typeof completeParams>,
  request: Parameters<typeof passOrThrow>[0]["request"],
  handling: PassHandling,
): Promise<Record<string, unknown>> {
  const { names } = handling;
  const rest = { argument, ...(context && { context: { arguments: context.arguments ?? {} } }) };
  if (ref.type === "ref/prompt") {
    const { server, name } = ownPrompt(ref.name, handling);
    const args = { ref: { type: ref.type, name }, ...rest };
    const tool = accessToolOf(handling, server, "completion/complete");
    return await passOrThrow({ tool, args, request }, handling);
  }
  const server = await findResource(ref.uri, names, { context: handling, signal: request.signal });
  if (server === undefined) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Resource not found");
  }
  const tool = accessToolOf(handling, server, "completion/complete");
  return await passOrThrow({ tool, args: { ref, ...rest }, request }, handling);
}

/** @throws {ProtocolError} Where no server has such a prompt. */
function ownPrompt(exposed: string, { names, deps }: PassHandling): OwnName {
  const own = names.readings(exposed).find(({ server }) => deps.mcpServers.includes(server));
  if (own !== undefined) return own;
  const message = `Prompt "${visibleLine(exposed, 200)}" not found`;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
