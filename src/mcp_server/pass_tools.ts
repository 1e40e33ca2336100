/** Tools in pass-through mode. @module */

import type { Server } from "@modelcontextprotocol/server";
import { ProtocolError } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { JsonSchema, Tool } from "../catalog/tool.ts";
import { mayCall } from "../grants/run_grants.ts";
import type { ToolArguments } from "../grants/signed_call.ts";
import { measureJson } from "../servers/measure_json.ts";
import { type PassHandling, passOn, toProtocolError } from "./pass_on.ts";
import { anyResult } from "./pass_session.ts";
import { errorResult, failureResult } from "./tool_result.ts";

/** Deepest nesting of arguments. */
const MAX_DEPTH = 64;

const callParams = z.looseObject({
  name: z.string().min(1).max(1024),
  arguments: z.custom<ToolArguments>(isArguments, `nests deeper than ${MAX_DEPTH} levels`)
    .optional(),
});

/** Lists and calls the tools of the servers that are shown. */
export function handleTools(server: Server, handling: PassHandling): void {
  const { deps, names, principal } = handling;
  server.setRequestHandler("tools/list", { params: anyResult }, () => ({
    tools: deps.catalog().tools
      .filter((tool) => names.servers.includes(tool.server) && mayCall(principal, tool))
      .map((tool) => toListed(tool, names.of({ server: tool.server, name: tool.tool }))),
  }));
  server.setRequestHandler("tools/call", { params: callParams }, async (params, { mcpReq }) => {
    const { name, arguments: args = {} } = params;
    const tool = names.tool(name, deps.catalog()) ?? unknownName(name, handling);
    try {
      const answer = await passOn({ tool, args, request: mcpReq }, handling);
      if (answer.type === "result") return answer.result;
      const { fault } = answer;
      if (fault.code === "tool_unknown" || typeof tool === "string") throw toProtocolError(fault);
      return errorResult(
        fault.hint === undefined ? fault.message : `${fault.message}\n${fault.hint}`,
      );
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      return failureResult(error, deps.onError?.bind(deps));
    }
  });
}

/** The name under which a tool that does not exist is refused, and recorded. */
function unknownName(exposed: string, { names }: PassHandling): string {
  const [reading] = names.readings(exposed);
  return reading === undefined ? exposed : `${reading.server}.${reading.name}`;
}

/** As its server lists it, under the name that clients see. */
function toListed(tool: Tool, name: string): Record<string, unknown> {
  const { title, description, inputSchema, outputSchema, annotations } = tool;
  return {
    name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    inputSchema: { ...keywordsOf(inputSchema), type: "object" },
    // Clients of 2025 lose the whole list over a schema of another type.
    ...(keywordsOf(outputSchema).type === "object" && { outputSchema }),
    ...(annotations !== undefined && { annotations }),
  };
}

function keywordsOf(schema: JsonSchema | undefined): { readonly [keyword: string]: unknown } {
  return typeof schema === "object" ? schema : {};
}

function isArguments(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    measureJson(value, MAX_DEPTH).depth <= MAX_DEPTH;
}
