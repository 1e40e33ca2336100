/** One MCP server instance: for one request over HTTP, for one connection on stdio. @module */

import {
  type CallToolResult,
  type InputRequiredResult,
  Server,
} from "@modelcontextprotocol/server";
import { nearestName } from "../errors/nearest_name.ts";
import type { Principal } from "../grants/principal.ts";
import type { Attendants } from "./attendants.ts";
import { executeTool, type ToolCallContext, waitTool } from "./execute_tool.ts";
import type { McpServerDeps } from "./mcp_server_deps.ts";
import type { CallScope } from "./open_calls.ts";
import type { RequestContext } from "./request_context.ts";
import { searchTool } from "./search_tool.ts";
import { executeArguments, searchArguments, toolList, waitArguments } from "./tool_list.ts";
import { errorResult, failureResult, invalidArguments } from "./tool_result.ts";
import { visibleLine } from "../prompts/visible_text.ts";

/** The list of tools never changes, so clients may keep it this long, milliseconds. */
const LIST_TTL_MS = 3_600_000;

/** Options of {@linkcode createMcpServer}. */
export interface CreateMcpServerOptions {
  /** What the client's model is told. */
  instructions: string;
  /** Where calls can be cancelled from other requests. @default {only on this connection} */
  calls?: CallScope;
  /** Ask the people behind runs. @default {nobody is asked} */
  attendants?: Attendants;
  /** Told of each call; the promise never rejects. @default {nothing is told} */
  onCall?: (answer: Promise<unknown>) => void;
}

/** Makes a server that speaks for a principal, in either protocol era. */
export function createMcpServer(
  deps: McpServerDeps,
  principal: Principal,
  { instructions, calls, attendants, onCall }: CreateMcpServerOptions,
): Server {
  const server = new Server({ name: "airlock", title: "Airlock", version: deps.version }, {
    capabilities: { tools: {} },
    instructions,
    cacheHints: { "tools/list": { ttlMs: LIST_TTL_MS, cacheScope: "public" } },
  });
  server.setRequestHandler("tools/list", () => toolList);
  const answerCall = async (params: CallParams, request: RequestContext) => {
    using call = calls?.open(request.id);
    const signal = call ? AbortSignal.any([request.signal, call.signal]) : request.signal;
    try {
      const capabilities = server.getClientCapabilities();
      const context = { deps, principal, capabilities, attendants };
      return await callTool(params, { ...context, request: { ...request, signal } });
    } catch (error) {
      return failureResult(error, deps.onError?.bind(deps));
    }
  };
  server.setRequestHandler("tools/call", ({ params }, { mcpReq }) => {
    const answer = answerCall(params, mcpReq);
    onCall?.(answer);
    return answer;
  });
  if (calls) {
    server.setNotificationHandler("notifications/cancelled", ({ params }) => {
      if (params.requestId !== undefined) calls.cancel(params.requestId);
    });
  }
  if (deps.onError) server.onerror = deps.onError.bind(deps);
  return server;
}

interface CallParams {
  name: string;
  arguments?: Record<string, unknown>;
}

async function callTool(
  params: CallParams,
  context: ToolCallContext,
): Promise<CallToolResult | InputRequiredResult> {
  const { deps, principal } = context;
  const { name, arguments: args = {} } = params;
  switch (name) {
    case "search": {
      const parsed = searchArguments.safeParse(args);
      if (!parsed.success) return invalidArguments(name, parsed.error);
      return await searchTool(parsed.data, deps, principal);
    }
    case "execute": {
      const parsed = executeArguments.safeParse(args);
      if (!parsed.success) return invalidArguments(name, parsed.error);
      return await executeTool(parsed.data, context);
    }
    case "wait": {
      const parsed = waitArguments.safeParse(args);
      if (!parsed.success) return invalidArguments(name, parsed.error);
      return await waitTool(parsed.data, context);
    }
    default:
      return unknownTool(name);
  }
}

/** Most often a model that calls a tool of the catalog directly: it is told how to. */
function unknownTool(name: string): CallToolResult {
  const shown = visibleLine(name, 100);
  const near = nearestName(name, toolList.tools.map((tool) => tool.name));
  const hint = near === undefined
    ? "tools of servers are called from code: use execute"
    : `did you mean "${near}"`;
  return errorResult(`Cannot call "${shown}": there is no such tool; ${hint}`);
}
