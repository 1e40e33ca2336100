/** Makes answers of Airlock's own MCP tools. @module */

import {
  type CallToolResult,
  type ContentBlock as McpContentBlock,
  isSpecType,
} from "@modelcontextprotocol/server";
import type { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import { type ContentBlock, isFinal, type RunReport } from "../runs/report.ts";
import { reportText } from "../prompts/report_text.ts";
import { cutText, visibleLine, visibleText } from "../prompts/visible_text.ts";

/** A text as an answer. */
export function textResult(text: string): CallToolResult {
  return { content: [{ type: "text", text }] };
}

/** A report as an answer: as data, as text, and with what the code emitted. */
export function reportResult(report: RunReport): CallToolResult {
  return {
    content: [
      { type: "text", text: reportText(report) },
      ...(report.content ?? []).map(toMcpContent),
    ],
    structuredContent: { ...report },
    isError: isFinal(report.status) && report.status !== "succeeded",
  };
}

/** What was wrong with the arguments, as an answer that the model can learn from. */
export function invalidArguments(tool: string, error: z.ZodError): CallToolResult {
  const issues = error.issues.slice(0, 5).map(({ path, message }) => {
    const place = path.length === 0 ? "" : `"${visibleLine(path.map(String).join("."), 100)}": `;
    return place + visibleLine(message, 300);
  });
  return errorResult(`Cannot call "${tool}": ${issues.join("; ")}`);
}

/**
 * An error as an answer. Only what Airlock itself worded is shown; anything
 * else is a fault of ours, told to `onError` and to the model without detail.
 */
export function failureResult(error: unknown, onError?: (error: Error) => void): CallToolResult {
  if (error instanceof AirlockError) {
    const details = error.issues.map(({ path, message }) => `${path}: ${message}`);
    return errorResult([error.message, ...details, error.hint ?? ""].filter(Boolean).join("\n"));
  }
  onError?.(error instanceof Error ? error : new Error(String(error)));
  return errorResult("Cannot answer: an internal error occurred");
}

/** A sentence as a failed answer. */
export function errorResult(text: string): CallToolResult {
  return { content: [{ type: "text", text: cutText(visibleText(text), 4000) }], isError: true };
}

/** A block the code emitted, as text where it is not one that MCP knows: one bad block must not cost the answer. */
function toMcpContent(block: ContentBlock): McpContentBlock {
  if (isSpecType.ContentBlock(block)) return block;
  return { type: "text", text: cutText(visibleText(JSON.stringify(block)), 4000) };
}
