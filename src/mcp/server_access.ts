/** What an MCP server offers beside tools, in the form of tools: so that the same grants, rules and receipts hold. @module */

import type { JsonSchema, Tool } from "../catalog/tool.ts";
import { hashJson } from "../hashing/hash_json.ts";

/** Longest URI, name or value. */
const maxLength = 8_192;

const text = { type: "string", maxLength };
const uri = { type: "object", properties: { uri: text }, required: ["uri"] };

/** Methods that are recorded like calls, with their arguments. */
const recorded = {
  "resources/read": uri,
  "resources/subscribe": uri,
  "resources/unsubscribe": uri,
  "prompts/get": {
    type: "object",
    properties: {
      name: text,
      arguments: {
        type: "object",
        maxProperties: 256,
        additionalProperties: { type: "string", maxLength: 1_048_576 },
      },
    },
    required: ["name"],
  },
  "completion/complete": {
    type: "object",
    properties: {
      ref: { type: "object", maxProperties: 8 },
      argument: { type: "object", maxProperties: 8 },
      context: { type: "object", maxProperties: 8 },
    },
    required: ["ref", "argument"],
  },
} as const satisfies Record<string, JsonSchema>;

/** Methods that only look or set up: authorized by name, not recorded. */
const unrecorded = ["resources/list", "resources/templates/list", "prompts/list"] as const;

/** A method of a server that is no tool, and is granted like one. */
export type AccessMethod = keyof typeof recorded | typeof unrecorded[number];

/**
 * The tool that stands for a method of a server: `shop.resources/read`. No
 * listed tool has such a name, since code could not call it.
 */
export function accessTool(server: string, namespace: string, method: AccessMethod): Tool {
  const inputSchema = method in recorded ? schemaOf(method) : { type: "object" };
  return {
    name: `${namespace}.${method}`,
    server,
    tool: method,
    namespace,
    member: method,
    inputSchema,
    hash: hashJson({ name: method, inputSchema }),
    annotations: { readOnlyHint: true },
  };
}

/** All tools of this kind for a server. */
export function accessTools(server: string, namespace: string): Tool[] {
  return Object.keys(recorded).filter(isRecorded)
    .map((method) => accessTool(server, namespace, method));
}

/** The method that a tool of this kind stands for; `undefined` where it is a tool of the server. */
export function accessMethodOf(tool: Tool): AccessMethod | undefined {
  return tool.member === tool.tool && isRecorded(tool.tool) ? tool.tool : undefined;
}

function isRecorded(method: string): method is keyof typeof recorded {
  return Object.hasOwn(recorded, method);
}

function schemaOf(method: string): JsonSchema {
  return isRecorded(method) ? recorded[method] : {};
}
