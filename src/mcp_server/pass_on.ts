/** Hands one request of a client on to its server: authorized, recorded, and otherwise as it is. @module */

import {
  CLIENT_CAPABILITIES_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Tool } from "../catalog/tool.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Principal } from "../grants/principal.ts";
import type { SignedCall, ToolArguments } from "../grants/signed_call.ts";
import type { PassOptions, WireError } from "../mcp/upstream_line.ts";
import type { Json } from "../protocol/json.ts";
import type { ToolFault } from "../protocol/messages.ts";
import type { DirectAnswer } from "../runs/call_tool.ts";
import { askClient } from "./ask_client.ts";
import type { RequestContext } from "./request_context.ts";
import type { ExposedNames } from "./exposed_names.ts";
import { anyResult, type PassSession } from "./pass_session.ts";
import type { PassThroughDeps } from "./pass_through_deps.ts";
import { visibleLine } from "../prompts/visible_text.ts";

/** On whose behalf something is handed on. */
export interface PassContext {
  deps: PassThroughDeps;
  principal: Principal;
  session: PassSession;
  /** Tools that stand for what servers offer beside tools. */
  accessTools: readonly Tool[];
}

/** What handlers of requests work with. */
export interface PassHandling extends PassContext {
  /** Which servers are shown, by what names. */
  names: ExposedNames;
}

/** A request as it is handed on. */
export interface PassedRequest {
  /** The tool that is called, or that stands for the method; its name alone where there is none. */
  tool: Tool | string;
  args: ToolArguments;
  request: RequestContext;
}

/** What came of a request: the server's result, or why there is none. */
export type PassedAnswer =
  | { type: "result"; result: Record<string, unknown> }
  | { type: "fault"; fault: ToolFault };

const capabilitiesSchema = z.looseObject({
  [CLIENT_CAPABILITIES_META_KEY]: z.looseObject({}).optional(),
});

const failure = z.looseObject({ isError: z.literal(true) });

/**
 * Hands a request on and gives the server's whole result.
 *
 * @throws {ProtocolError} What the server answered in place of a result.
 * @throws {AirlockError} Where the call was not taken in.
 */
export async function passOn(passed: PassedRequest, context: PassContext): Promise<PassedAnswer> {
  const { tool, args, request } = passed;
  const { deps, principal, session, accessTools } = context;
  const server = typeof tool === "string" ? undefined : tool.server;
  let wireError: WireError | undefined;
  let isSent = false;
  const options: Pick<PassOptions, "further" | "onWireError"> = {
    further: furtherFields(request),
    onWireError: (error) => wireError = error,
  };
  const work = (): Promise<DirectAnswer> =>
    deps.callTool({ tool: typeof tool === "string" ? tool : tool.name, args }, principal, {
      signal: request.signal,
      reach: { tools: accessTools, answered: session.answered },
      invoke: (call, given) => {
        isSent = true;
        return invoke(call, { ...given, ...options }, context);
      },
      isFailure: (answer) => failure.safeParse(answer).success,
      ask: askClient(session, request),
      onProgress: progressOf(request, deps),
    });
  const { answer } = await (server === undefined ? work() : session.during(server, request, work));
  if ("json" in answer) {
    const value = JSON.parse(answer.json);
    // What the policy only simulates was answered by us, with a plain value.
    return { type: "result", result: anyResult.parse(isSent ? value : toPlainResult(value)) };
  }
  if (wireError !== undefined) {
    throw ProtocolError.fromError(wireError.code, wireError.message, wireError.data);
  }
  return { type: "fault", fault: answer.fault };
}

/** A fault as the error that clients expect where no result can say it. */
export function toProtocolError({ code, message, hint }: ToolFault): ProtocolError {
  const isTheirs = code === "tool_unknown" || code === "tool_denied" ||
    code === "invalid_arguments";
  const words = hint === undefined ? message : `${message}; ${hint}`;
  return new ProtocolError(
    isTheirs ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError,
    visibleLine(words, 2000),
  );
}

/**
 * Answers a request that has no way to say in its result that it failed.
 *
 * @throws {ProtocolError} In words of ours, or the server's own error.
 */
export async function answerOrThrow<T>(
  { deps }: Pick<PassContext, "deps">,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    if (error instanceof AirlockError) throw toProtocolError(error);
    deps.onError?.(error instanceof Error ? error : new Error(String(error)));
    throw new ProtocolError(ProtocolErrorCode.InternalError, "Cannot answer: internal error");
  }
}

async function invoke(
  call: SignedCall,
  options: PassOptions,
  { deps, session }: PassContext,
): Promise<Json> {
  const { server } = call.grant.tool;
  if (deps.mcpServers.includes(server)) return await session.line(server).pass(call, options);
  return toPlainResult(await deps.invoke(call, options));
}

/** The value of a server that does not speak MCP, as an MCP result. */
function toPlainResult(value: Json): Json {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return {
    content: [{ type: "text", text }],
    ...(isObject && { structuredContent: value }),
  };
}

/** What travels beside the arguments; what the client can do only where it says so with each request. */
function furtherFields(request: RequestContext): Record<string, unknown> {
  const { progressToken: _, ...meta } = request._meta ?? {};
  const declared = capabilitiesSchema.parse(request.envelope ?? {})[CLIENT_CAPABILITIES_META_KEY];
  const state = request.requestState();
  if (declared !== undefined) {
    const { elicitation, sampling, roots } = declared;
    meta[CLIENT_CAPABILITIES_META_KEY] = { elicitation, sampling, roots };
  }
  return {
    ...(Object.keys(meta).length > 0 && { _meta: meta }),
    ...(request.inputResponses !== undefined && { inputResponses: request.inputResponses }),
    ...(state !== undefined && { requestState: state }),
  };
}

function progressOf(
  request: RequestContext,
  deps: PassThroughDeps,
): PassOptions["onProgress"] {
  const progressToken = request._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  return (progress, total, message) => {
    const params = {
      progressToken,
      progress,
      ...(total !== undefined && { total }),
      ...(message !== undefined && { message }),
    };
    request.notify({ method: "notifications/progress", params })
      .catch((error) => deps.onError?.(error));
  };
}
