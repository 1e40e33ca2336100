/** The MCP tools `execute` and `wait`. @module */

import type {
  CallToolResult,
  ClientCapabilities,
  InputRequiredResult,
} from "@modelcontextprotocol/server";
import type { z } from "zod";
import type { Principal } from "../grants/principal.ts";
import { isFinal } from "../runs/report.ts";
import type { Attendants } from "./attendants.ts";
import { followProgress } from "./follow_progress.ts";
import type { McpServerDeps } from "./mcp_server_deps.ts";
import type { executeArguments, waitArguments } from "./tool_list.ts";
import { offerLogins } from "./offer_logins.ts";
import type { RequestContext } from "./request_context.ts";
import { reportResult } from "./tool_result.ts";

/** Runs code and answers with its report. A cancelled request cancels the run. */
export async function executeTool(
  args: z.infer<typeof executeArguments>,
  context: ToolCallContext,
): Promise<CallToolResult | InputRequiredResult> {
  const { deps, principal, request } = context;
  const state = request.requestState();
  if (typeof state === "string") return await watchRun(state, deps.defaultWaitMs, context);
  const { code, input, tools, timeout_ms: timeoutMs } = args;
  const loginFirst = await offerLogins(code, context);
  if (loginFirst !== undefined) return loginFirst;
  const limits = timeoutMs === undefined ? undefined : { timeoutMs };
  const run = await deps.runs.start({ code, input, tools, limits }, principal);
  context.attendants?.open(run.id, context);
  let cancelling: Promise<void> | undefined;
  const cancel = () => {
    cancelling = cancelRun(run.id, deps, principal);
  };
  request.signal.addEventListener("abort", cancel, { once: true });
  if (request.signal.aborted) cancel();
  try {
    return await watchRun(run.id, deps.defaultWaitMs, context);
  } finally {
    request.signal.removeEventListener("abort", cancel);
    await cancelling;
  }
}

/** The request is gone, so that nobody else can be told when this fails. */
async function cancelRun(id: string, deps: McpServerDeps, principal: Principal): Promise<void> {
  try {
    await deps.runs.cancel(id, principal);
  } catch (error) {
    deps.onError?.(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Waits for a run and answers with its report. A cancelled request leaves the run alone. */
export async function waitTool(
  args: z.infer<typeof waitArguments>,
  context: ToolCallContext,
): Promise<CallToolResult | InputRequiredResult> {
  const waitMs = args.timeout_ms ?? context.deps.defaultWaitMs;
  return await watchRun(args.run_id, waitMs, context);
}

/** What a tool call is answered with. */
export interface ToolCallContext {
  deps: McpServerDeps;
  principal: Principal;
  request: RequestContext;
  /** What the client said that it can do, where it stays connected. */
  capabilities?: ClientCapabilities;
  /** Ask the people behind runs. @default {nobody is asked} */
  attendants?: Attendants;
}

/**
 * The report once the run ended, waits for an approval that nobody here is asked for, or `waitMs`
 * are over; or what its person is asked, where that goes in answers. Tells of progress meanwhile.
 */
async function watchRun(
  id: string,
  waitMs: number,
  context: ToolCallContext,
): Promise<CallToolResult | InputRequiredResult> {
  const { deps, principal, request, attendants } = context;
  await deps.runs.report(id, principal);
  const attendant = attendants?.of(id);
  attendant?.rounds?.reply(request.inputResponses);
  const enough = new AbortController();
  const timer = setTimeout(() => enough.abort(), waitMs);
  const signal = AbortSignal.any([request.signal, enough.signal]);
  const following = followProgress(id, { deps, principal, request, signal });
  try {
    const report = await (attendant === undefined
      ? deps.runs.wait(id, principal, signal)
      : attendant.wait(signal).then(() =>
        deps.runs.report(id, principal)
      ));
    // The events of a run that ended end by themselves, so none is lost.
    if (isFinal(report.status)) await following;
    return attendant?.rounds?.toResult(id) ?? reportResult(report);
  } finally {
    clearTimeout(timer);
    enough.abort();
    await following;
  }
}
