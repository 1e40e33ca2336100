/** The guest's `memory.*` as tools: what they take and what they give. @module */

import { z } from "zod";
import type { JsonSchema, Tool, ToolAnnotations } from "../catalog/tool.ts";
import { hashJson } from "../hashing/hash_json.ts";
import type { Json } from "../protocol/json.ts";
import { maxKeyLength, maxKeys } from "./memory_store.ts";

/** What one may do with memory. */
export type MemoryOperation = "get" | "set" | "delete" | "list" | "search";

const key = z.string().min(1).max(maxKeyLength).refine((text) => text.isWellFormed(), {
  error: "Invalid string: it has half a surrogate pair",
});
/** Arguments are JSON already; what was not given is refused. */
const value = z.custom<Json>((given) => given !== undefined, { error: "Invalid input: required" });

/** The arguments of each operation. */
export const memoryArguments = {
  get: z.strictObject({ key }),
  set: z.strictObject({ key, value }),
  delete: z.strictObject({ key }),
  list: z.strictObject({
    prefix: z.string().max(maxKeyLength).optional(),
    limit: z.int().min(1).max(maxKeys).optional(),
  }),
  search: z.strictObject({
    query: z.string().max(10_000),
    limit: z.int().min(1).max(100).optional(),
  }),
} satisfies Record<MemoryOperation, z.ZodType>;

const at = { type: "string", format: "date-time" };
const listItem = {
  type: "object",
  properties: { key: { type: "string" }, at },
  required: ["key", "at"],
};

/** The tools, for catalogs, grants and policy. */
export const memoryTools: readonly Tool[] = [
  defineTool(
    "get",
    "The value of a key; null where there is none.",
    {},
    { readOnlyHint: true, idempotentHint: true },
  ),
  defineTool(
    "set",
    "Keeps a JSON value of up to 1 MB under a key of 1 to 512 characters.",
    { type: "null" },
    { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  ),
  defineTool(
    "delete",
    "Forgets a key. Gives whether it was there.",
    { type: "boolean" },
    { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  ),
  defineTool(
    "list",
    "Keys and when they were set, in order of key.",
    { type: "array", items: listItem },
    { readOnlyHint: true, idempotentHint: true },
  ),
  defineTool(
    "search",
    "What fits a query, best first. Values over 64 KB are left out: get them by key.",
    {
      type: "array",
      items: { ...listItem, properties: { ...listItem.properties, value: {} } },
    },
    { readOnlyHint: true, idempotentHint: true },
  ),
];

function defineTool(
  operation: MemoryOperation,
  description: string,
  outputSchema: JsonSchema,
  annotations: ToolAnnotations,
): Tool {
  const inputSchema: JsonSchema = {
    ...z.toJSONSchema(memoryArguments[operation], { unrepresentable: "any" }),
  };
  return Object.freeze({
    name: `memory.${operation}`,
    server: "memory",
    tool: operation,
    namespace: "memory",
    member: operation,
    description,
    inputSchema,
    outputSchema,
    annotations: { ...annotations, openWorldHint: false },
    hash: hashJson({ name: operation, description, inputSchema, outputSchema }),
  });
}
