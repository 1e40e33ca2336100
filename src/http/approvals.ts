/** Routes of what waits for a person: `/v1/approvals`. @module */

import { Hono } from "hono";
import { z } from "zod";
import type { HttpDeps, HttpEnv } from "./http_deps.ts";
import { parseInput } from "./invalid_request.ts";
import { offsetQuery, pageOf } from "./page.ts";
import { pathId } from "./path_id.ts";
import { readJson } from "./read_json.ts";

/** The body of `POST /v1/approvals/:id`. */
export const decisionBody = z.strictObject({
  decision: z.enum(["approve", "deny"]),
  note: z.string().max(2_000).optional().describe("Reaches the code where it was denied"),
});

/** Lists the calls that wait, and takes decisions. */
export function approvalRoutes(deps: Pick<HttpDeps, "approvals">): Hono<HttpEnv> {
  const { approvals } = deps;
  const app = new Hono<HttpEnv>();

  app.get("/", async (c) => {
    const query = parseInput(c.req.query(), offsetQuery, "Cannot list approvals");
    return c.json(pageOf(await approvals.list(c.var.principal), query));
  });

  app.post("/:id", async (c) => {
    const action = "Cannot decide";
    const id = pathId(c, "approval");
    const decision = parseInput(await readJson(c.req.raw, { action }), decisionBody, action);
    return c.json(await approvals.decide(id, decision, c.var.principal));
  });

  return app;
}
