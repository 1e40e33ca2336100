/** The guest's `sql(query, params?)` as a tool: each agent its own database. @module */

import { z } from "zod";
import type { Tool } from "../catalog/tool.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import { memoryOwner, type Principal } from "../grants/principal.ts";
import type { InvokeTool } from "../grants/signed_call.ts";
import { hashJson } from "../hashing/hash_json.ts";
import type { SqlDatabases } from "./sql_databases.ts";
import type { Fence } from "./sql_log.ts";

const param = z.union([
  z.null(),
  z.boolean(),
  z.number(),
  z.string().max(2_000_000),
  z.strictObject({ base64: z.base64().max(2_000_000) }),
]);

const sqlShape = {
  sql: z.string().min(1).max(100_000),
  params: z.union([z.array(param).max(1_000), z.record(z.string().max(100), param)]).optional(),
};

/** What a query takes, from code and over HTTP. */
export const sqlArguments: z.ZodObject<typeof sqlShape, z.core.$strict> = z.strictObject(sqlShape);

const listed = {
  name: "query",
  description: "Runs SQLite SQL in the caller's own database; several statements are one " +
    "transaction. Parameters: an array for ?, an object for :name. Rows are objects.",
  inputSchema: { ...z.toJSONSchema(sqlArguments, { unrepresentable: "any" }) },
  outputSchema: {
    type: "object",
    properties: {
      columns: { type: "array", items: { type: "string" } },
      rows: { type: "array", items: { type: "object", additionalProperties: {} } },
      changes: { type: "integer" },
    },
    required: ["columns", "rows", "changes"],
  },
} as const;

/** The tool, for catalogs, grants and policy. */
export const sqlTool: Tool = Object.freeze({
  ...listed,
  name: "sql.query",
  server: "sql",
  tool: "query",
  namespace: "sql",
  member: "query",
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  },
  hash: hashJson(listed),
});

/** Options of {@linkcode createSqlInvoke}. */
export interface SqlInvokeOptions {
  /** The fence of an owner's writes. @default {none} */
  fenceOf?: (principal: Principal) => Fence | undefined;
}

/** Answers calls of {@linkcode sqlTool} out of the database of whom the call was granted to. */
export function createSqlInvoke(
  databases: Pick<SqlDatabases, "query">,
  options: SqlInvokeOptions = {},
): InvokeTool {
  return async ({ grant: { principal, tool }, args }, { signal }) => {
    const { data, error } = sqlArguments.safeParse(args);
    if (error !== undefined) {
      const [{ path, message }] = error.issues;
      const problem = path.length === 0 ? message : `"${path.join(".")}": ${message}`;
      throw new AirlockError("invalid_arguments", `Cannot call "${tool.name}": ${problem}`);
    }
    const fence = options.fenceOf?.(principal);
    return { ...await databases.query(memoryOwner(principal), data, { signal, fence }) };
  };
}
