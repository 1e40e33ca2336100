/** The three tools of Airlock's own MCP server: their schemas and how they are listed. @module */

import type { ListToolsResult } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Json } from "../protocol/json.ts";

/** How deep `input` may nest. */
const MAX_INPUT_DEPTH = 64;

/** The longest that `wait` holds a request open, milliseconds. */
const MAX_WAIT_MS = 600_000;

/** Arguments of `search`. */
export const searchArguments = z.strictObject({
  query: z.string().min(1).max(1000).describe("What you want to do, or a tool name"),
  server: z.string().min(1).max(256).optional().describe("Only this server"),
  detail: z.enum(["names", "signatures", "full"]).optional().describe("Default signatures"),
  limit: z.int().min(1).max(50).optional().describe("Default 5"),
});

/** Arguments of `execute`. */
export const executeArguments = z.strictObject({
  code: z.string().max(4_194_304).describe("Function body in TypeScript, ends with return"),
  input: z.custom<Json>((value) => value !== undefined && isShallow(value, MAX_INPUT_DEPTH), {
    error: `nests deeper than ${MAX_INPUT_DEPTH} levels`,
  }).optional().describe("Any JSON: the global `input`"),
  tools: z.array(z.string().min(1).max(256)).max(256).optional()
    .describe("Globs of tools the code may call, e.g. shop.*; default all"),
  timeout_ms: z.int().min(1).max(2_147_483_647).optional(),
});

/** Arguments of `wait`. */
export const waitArguments = z.strictObject({
  run_id: z.string().min(1).max(128),
  timeout_ms: z.int().min(1).max(MAX_WAIT_MS).optional(),
});

/** Name of each tool with what it says about itself, in the order it is listed. */
const descriptions = {
  search:
    "Finds tools by what they do and shows how to call them from code: names, TypeScript signatures or full declarations.",
  execute:
    "Runs TypeScript in a sandbox where every tool is an async function: `return await server.tool({ id })`. " +
    "Filter and combine data in code and return only what you need. Answers with result, logs, calls, or the error and its line.",
  wait:
    "Waits for a run that execute left going or that waits for an approval, and shows its state.",
};

/** The answer to `tools/list`: always the same, so that prompt caches hold. */
export const toolList: ListToolsResult = {
  tools: [
    {
      name: "search",
      description: descriptions.search,
      inputSchema: toSchema(searchArguments),
      annotations: { readOnlyHint: true },
    },
    { name: "execute", description: descriptions.execute, inputSchema: toSchema(executeArguments) },
    {
      name: "wait",
      description: descriptions.wait,
      inputSchema: toSchema(waitArguments),
      annotations: { readOnlyHint: true },
    },
  ],
};

/** The part of a JSON Schema that a client needs to fill in the arguments. */
function toSchema(schema: z.ZodObject): { type: "object"; [keyword: string]: unknown } {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    // Bounds are enforced by the parser; listing them would only cost tokens.
    override: ({ jsonSchema }) => {
      delete jsonSchema.minLength;
      delete jsonSchema.maxLength;
      delete jsonSchema.maxItems;
      delete jsonSchema.minimum;
      delete jsonSchema.maximum;
    },
  });
  return { ...rest, type: "object" };
}

/** Whether JSON nests at most `maxDepth` levels; walks without recursion. */
function isShallow(value: unknown, maxDepth: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return false;
    level = level.flatMap((item) =>
      typeof item === "object" && item !== null ? Object.values(item) : []
    );
  }
  return true;
}
