/** What of a tool is searched. @module */

import { isSchemaObject } from "../catalog/schema_refs.ts";
import type { JsonSchema, Tool } from "../catalog/tool.ts";

/** The searchable texts of one tool. */
export interface SearchDocument {
  /** The name code uses. */
  readonly id: string;
  /** What its server calls it. */
  readonly name: string;
  /** Its server's key. */
  readonly server: string;
  /** Its name for people. */
  readonly title: string;
  /** The first paragraph of the description: what the tool is for. */
  readonly purpose: string;
  /** The rest of it. */
  readonly details: string;
  /** Names and descriptions of its parameters. */
  readonly parameters: string;
}

const maxDetails = 1_200;
const maxParameters = 60;
const maxParameterChars = 120;

/** Collects the texts; each is bounded, whatever its server sent. */
export function searchDocument(tool: Tool): SearchDocument {
  const description = (tool.description ?? "").slice(0, 2 * maxDetails).trim();
  const [purpose = ""] = description.slice(0, 300).split(/\n\s*\n|(?<=[.!?])\s/, 1);
  return {
    id: tool.name,
    name: tool.tool,
    server: tool.server,
    title: tool.title ?? "",
    purpose,
    details: description.slice(purpose.length, maxDetails),
    parameters: parametersOf(tool.inputSchema),
  };
}

function parametersOf(schema: JsonSchema): string {
  const properties = isSchemaObject(schema) ? schema.properties : undefined;
  if (!isSchemaObject(properties)) return "";
  return Object.entries(properties).slice(0, maxParameters).map(([name, parameter]) => {
    const description = isSchemaObject(parameter) ? parameter.description : undefined;
    return `${name} ${typeof description === "string" ? description : ""}`
      .slice(0, maxParameterChars);
  }).join(" ");
}
