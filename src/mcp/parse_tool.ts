/** Reads one item of a server's tool list. @module */

import { z } from "zod";
import type { JsonSchema, ListedTool, QuarantinedTool, ToolAnnotations } from "../catalog/tool.ts";
import { cleanText } from "../servers/clean_text.ts";
import { measureJson } from "../servers/measure_json.ts";

/** Longest name of a tool, in characters. */
const maxNameChars = 256;

/** Longest description, in characters. */
const maxDescriptionChars = 65_536;

/** Deepest nesting of a schema. Of 2,966 real ones the deepest has 21. */
const maxDepth = 64;

/** Most schemas within a schema. */
const maxSubschemas = 10_000;

/** Most bytes of a schema as JSON. */
const maxSchemaBytes = 1024 * 1024;

/** What a tool must have; what it may have is read leniently, since servers write `null` for nothing. */
const item = z.looseObject({
  name: z.string(),
  title: z.string().max(1024).optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  inputSchema: z.union([z.boolean(), z.record(z.string(), z.unknown())]),
  outputSchema: z.union([z.boolean(), z.record(z.string(), z.unknown())]).optional().catch(
    undefined,
  ),
  annotations: z.looseObject({
    title: z.string().max(1024).optional().catch(undefined),
    readOnlyHint: z.boolean().optional().catch(undefined),
    destructiveHint: z.boolean().optional().catch(undefined),
    idempotentHint: z.boolean().optional().catch(undefined),
    openWorldHint: z.boolean().optional().catch(undefined),
  }).optional().catch(undefined),
});

type Item = z.infer<typeof item>;

/** A tool that can be used, or why it cannot. */
export type ParsedTool =
  | { readonly tool: ListedTool }
  | { readonly quarantined: QuarantinedTool };

/**
 * Reads one item of `tools/list`. One that cannot be used is named with the
 * reason, so that it costs its neighbours nothing. `index` names what has no name.
 */
export function parseTool(raw: unknown, index: number): ParsedTool {
  const name = nameOf(raw) ?? `(tool ${index + 1})`;
  const quarantine = (reason: string): ParsedTool => ({
    quarantined: { tool: cleanText(name, maxNameChars), reason },
  });

  const parsed = item.safeParse(raw);
  if (!parsed.success) return quarantine(describeIssue(parsed.error));
  const problem = findProblem(parsed.data);
  return problem === undefined ? { tool: toListedTool(parsed.data) } : quarantine(problem);
}

function nameOf(raw: unknown): string | undefined {
  const named = z.looseObject({ name: z.string().min(1) }).safeParse(raw);
  return named.data?.name;
}

function describeIssue(error: z.ZodError): string {
  const key = error.issues[0]?.path[0];
  switch (key) {
    case undefined:
      return "Cannot use the tool: it is not an object";
    case "name":
      return "Cannot use the tool: it has no name";
    default:
      return `Cannot use the tool: its ${String(key)} is not an object`;
  }
}

function findProblem(tool: Item): string | undefined {
  if (tool.name === "") return "Cannot use the tool: it has no name";
  if (tool.name.length > maxNameChars) {
    return `Cannot use the tool: its name is longer than ${maxNameChars} characters`;
  }
  if ((tool.description?.length ?? 0) > maxDescriptionChars) {
    return `Cannot use the tool: its description is longer than ${maxDescriptionChars} characters`;
  }
  return inputProblem(tool.inputSchema) ?? schemaProblem("inputSchema", tool.inputSchema) ??
    schemaProblem("outputSchema", tool.outputSchema);
}

/** Arguments are an object; a schema that leaves its type open is taken to mean that. */
function inputProblem(schema: JsonSchema): string | undefined {
  if (schema === false) return "Cannot use the tool: its inputSchema allows nothing";
  if (schema === true || schema.type === undefined || schema.type === null) return undefined;
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return types.includes("object")
    ? undefined
    : 'Cannot use the tool: the type of its inputSchema is not "object"';
}

function schemaProblem(key: string, schema: JsonSchema | undefined): string | undefined {
  if (schema === undefined || typeof schema === "boolean") return undefined;
  const { depth, objects } = measureJson(schema, maxDepth);
  if (depth > maxDepth) {
    return `Cannot use the tool: its ${key} is nested deeper than ${maxDepth}`;
  }
  if (objects > maxSubschemas) {
    return `Cannot use the tool: its ${key} holds more than ${maxSubschemas} schemas`;
  }
  return new TextEncoder().encode(JSON.stringify(schema)).length > maxSchemaBytes
    ? `Cannot use the tool: its ${key} is larger than ${maxSchemaBytes} bytes`
    : undefined;
}

function toListedTool(tool: Item): ListedTool {
  const { name, description, inputSchema, outputSchema, annotations } = tool;
  const title = tool.title ?? annotations?.title;
  const hints = annotations === undefined ? undefined : hintsOf(annotations);
  return {
    name,
    inputSchema,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(outputSchema !== undefined && { outputSchema }),
    ...(hints !== undefined && { annotations: hints }),
  };
}

function hintsOf(annotations: ToolAnnotations): ToolAnnotations {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations;
  return {
    ...(readOnlyHint !== undefined && { readOnlyHint }),
    ...(destructiveHint !== undefined && { destructiveHint }),
    ...(idempotentHint !== undefined && { idempotentHint }),
    ...(openWorldHint !== undefined && { openWorldHint }),
  };
}
