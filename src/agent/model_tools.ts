/** The two tools of the model. They never change, so that its cache is of use. @module */

import { z } from "zod";
import type { ModelTool } from "../model/model.ts";
import type { Json } from "../protocol/json.ts";
import { visibleLine } from "../prompts/visible_text.ts";

const searchSchema = z.object({
  query: z.string().max(10_000).describe("What the tool should do, in plain words"),
  server: z.string().max(256).optional().describe("Only tools of this server"),
  detail: z.enum(["names", "signatures", "full"]).optional(),
  limit: z.int().min(1).max(50).optional(),
});

const executeSchema = z.object({
  code: z.string().describe(
    "The body of an async TypeScript function; return what you need to know",
  ),
  input: z.json().optional().describe("The global `input` of the code"),
});

/** What the model asks for, where it asks for something that can be had. */
export type ModelAction =
  | { type: "search"; query: string; options: Omit<z.infer<typeof searchSchema>, "query"> }
  | { type: "execute"; code: string; input?: Json }
  | { type: "mistake"; text: string };

/** The tools, as the model is told of them. */
export const modelTools: readonly ModelTool[] = [
  {
    name: "search",
    description: "Finds tools that code can call, with their signatures.",
    parameters: toParameters(searchSchema),
  },
  {
    name: "execute",
    description:
      "Runs TypeScript in a sandbox, where tools are async functions. Gives what it returns and logs.",
    parameters: toParameters(executeSchema),
  },
];

/** What a call of the model means; a mistake is explained to it. */
export function parseAction(name: string, text: string): ModelAction {
  const args = parseArguments(text);
  switch (name) {
    case "search": {
      const { data, error } = searchSchema.safeParse(args);
      if (data === undefined) return mistake(name, error);
      const { query, ...options } = data;
      return { type: "search", query, options };
    }
    case "execute": {
      // Some models send the code alone.
      const { data, error } = executeSchema.safeParse(args ?? { code: text });
      return data === undefined ? mistake(name, error) : { type: "execute", ...data };
    }
    default: {
      const shown = visibleLine(name, 100);
      const hint = "there are search and execute; tools of servers are called from code";
      return { type: "mistake", text: `Cannot call "${shown}": there is no such tool; ${hint}` };
    }
  }
}

function parseArguments(text: string): unknown {
  try {
    return JSON.parse(text === "" ? "{}" : text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function mistake(name: string, error: z.ZodError | undefined): ModelAction {
  const [issue] = error?.issues ?? [];
  const where = issue === undefined || issue.path.length === 0 ? "" : `"${issue.path.join(".")}" `;
  const what = issue === undefined ? "they are not JSON" : `${where}${issue.message}`;
  return { type: "mistake", text: `Cannot call "${name}": the arguments do not fit: ${what}` };
}

function toParameters(schema: z.ZodObject): Record<string, unknown> {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, { io: "input" });
  return parameters;
}
