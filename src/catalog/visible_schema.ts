/** Definitions of strangers for eyes and models: nothing in them is hidden. @module */

import { showHidden } from "./show_hidden.ts";
import type { JsonSchema, ListedTool } from "./tool.ts";

/** A definition with its hidden characters shown. */
export type VisibleTool = Omit<ListedTool, "blocked">;

/** Here a text is a value that arguments are held against, so it stays as it is. */
const literal = new Set(["const", "enum", "required", "dependentRequired", "pattern"]);

/** A definition as it may be shown. */
export function visibleTool({ blocked: _blocked, ...tool }: ListedTool): VisibleTool {
  const { name, title, description, inputSchema, outputSchema } = tool;
  return {
    ...tool,
    name: showHidden(name),
    ...(title !== undefined && { title: showHidden(title) }),
    ...(description !== undefined && { description: showHidden(description) }),
    inputSchema: visibleSchema(inputSchema),
    ...(outputSchema !== undefined && { outputSchema: visibleSchema(outputSchema) }),
  };
}

/**
 * A schema with the hidden characters of its texts shown; names of properties
 * and values to be matched stay as they are.
 */
export function visibleSchema(schema: JsonSchema): JsonSchema {
  if (typeof schema === "boolean") return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [
      keyword,
      literal.has(keyword) ? value : visibleValue(value),
    ]),
  );
}

function visibleValue(value: unknown): unknown {
  if (typeof value === "string") return showHidden(value);
  if (Array.isArray(value)) return value.map(visibleValue);
  if (typeof value !== "object" || value === null) return value;
  return visibleSchema({ ...value });
}
