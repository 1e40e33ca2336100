/** Sends one call over a connection. @module */

import type { RequestOptions } from "@modelcontextprotocol/client";
import { z } from "zod";
import type { JsonSchema } from "../catalog/tool.ts";
import type { InvokeOptions, SignedCall } from "../grants/signed_call.ts";
import { cleanText } from "../servers/clean_text.ts";
import type { Connection } from "./open_connection.ts";

/** Longest text of a progress report, in characters. */
const maxProgressChars = 1024;

/** Any result: the SDK's own schema fails calls over what they answer. */
export const anyResult = z.looseObject({});

/** Options of {@linkcode callTool}. */
export interface CallToolOptions extends InvokeOptions {
  /** How long the call may take; progress does not extend it. */
  timeoutMs: number;
  /** Fields of the request beside name and arguments: `_meta`, `inputResponses`. @default {none} */
  further?: Record<string, unknown>;
  /** An answer that asks for input is given as it is. @default {false: it is an error} */
  allowInputRequired?: boolean;
}

/**
 * Sends a call and gives the raw `CallToolResult`. Rejects with whatever the
 * SDK or the transport threw.
 */
export async function callTool(
  connection: Connection,
  call: SignedCall,
  options: CallToolOptions,
): Promise<unknown> {
  const { tool } = call.grant;
  const params = { ...options.further, name: tool.tool, arguments: { ...call.args } };
  const requestOptions = toRequestOptions(options);
  if (!mirrorsHeaders(connection, tool.inputSchema)) {
    const request = { method: "tools/call", params };
    return await connection.client.request(request, anyResult, requestOptions);
  }
  // Without an outputSchema in the definition the SDK checks no answer against one.
  const inputSchema = { ...objectSchema(tool.inputSchema), type: "object" as const };
  const toolDefinition = { name: tool.tool, inputSchema };
  return await connection.client.callTool(params, { ...requestOptions, toolDefinition });
}

/** Whether arguments travel in HTTP headers too, which `x-mcp-header` in the schema asks for. */
function mirrorsHeaders({ client, transport }: Connection, schema: JsonSchema): boolean {
  return transport === "http" && client.getProtocolEra() === "modern" &&
    JSON.stringify(schema).includes('"x-mcp-header"');
}

function objectSchema(schema: JsonSchema): { readonly [keyword: string]: unknown } {
  return typeof schema === "boolean" ? {} : schema;
}

/** What the SDK is told of a call. */
export function toRequestOptions(options: CallToolOptions): RequestOptions {
  const { signal, timeoutMs, onProgress, allowInputRequired } = options;
  const rest = { signal, timeout: timeoutMs, allowInputRequired };
  if (onProgress === undefined) return rest;
  return {
    ...rest,
    onprogress: ({ progress, total, message }) => {
      const text = message === undefined ? undefined : cleanText(message, maxProgressChars);
      onProgress(progress, total, text);
    },
  };
}
