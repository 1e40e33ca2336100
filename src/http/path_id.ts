/** Ids in paths. @module */

import type { Context } from "hono";
import { AirlockError } from "../errors/airlock_error.ts";

/**
 * The `:id` of a path, where it looks like one: whatever else stands there
 * names nothing, and goes no further.
 *
 * @throws {AirlockError} `not_found`
 */
export function pathId(c: Context, kind: "run" | "approval"): string {
  const id = c.req.param("id") ?? "";
  if (/^[\w-]{1,128}$/.test(id)) return id;
  const shown = JSON.stringify(id.slice(0, 128));
  throw new AirlockError("not_found", `Cannot find the ${kind} ${shown}: it does not exist`);
}
