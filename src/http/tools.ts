/** Routes of tools: `/v1/tools`. @module */

import { Hono } from "hono";
import { z } from "zod";
import { matchesTool } from "../catalog/glob.ts";
import type { Tool } from "../catalog/tool.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import { nearestName } from "../errors/nearest_name.ts";
import type { Principal } from "../grants/principal.ts";
import { mayCall } from "../grants/run_grants.ts";
import type { HttpDeps, HttpEnv } from "./http_deps.ts";
import { parseInput } from "./invalid_request.ts";
import { offsetQuery, pageOf } from "./page.ts";
import { readJson } from "./read_json.ts";

/** The query of `GET /v1/tools`. */
export const toolQuery = offsetQuery.extend({
  q: z.string().max(1_000).optional(),
  server: z.string().max(256).optional(),
  detail: z.enum(["names", "signatures", "full"]).optional(),
});

/** The body of `POST /v1/tools/:name/accept`. */
export const acceptBody = z.strictObject({ hash: z.string().min(1).max(128) });

/** Shows the tools that the caller may call, and no others. */
export function toolRoutes(deps: Pick<HttpDeps, "tools" | "config">): Hono<HttpEnv> {
  const { tools, config } = deps;
  const app = new Hono<HttpEnv>();
  const show = (tool: Tool) => ({
    ...tools.item(tool, "full"),
    hash: tool.hash,
    policy: config.policy.filter((rule) => matchesTool(rule.tool, tool)),
    pendingChange: tools.pendingChange(tool),
  });

  app.get("/", (c) => {
    const query = parseInput(c.req.query(), toolQuery, "Cannot list tools");
    const { q, server, detail, limit, cursor } = query;
    const found = tools.search(q?.trim() || undefined, {
      allows: (tool) => mayCall(c.var.principal, tool),
      ...(server !== undefined && { server }),
      ...(detail !== undefined && { detail }),
      // One more than the page tells whether there is another.
      ...(limit !== undefined && { limit: Number(cursor ?? 0) + limit + 1 }),
    });
    return c.json(pageOf(found, query));
  });

  app.get("/:name", (c) => {
    const tool = findTool(tools, c.req.param("name"), c.var.principal);
    return c.json(show(tool));
  });

  app.post("/:name/accept", async (c) => {
    const action = "Cannot accept a tool";
    const tool = findTool(tools, c.req.param("name"), c.var.principal);
    const { hash } = parseInput(await readJson(c.req.raw, { action }), acceptBody, action);
    await tools.accept(tool, hash);
    return c.json(show(tools.find(tool.name) ?? tool));
  });

  return app;
}

/** A tool the caller may call; of others nobody learns that they are there. */
function findTool(tools: HttpDeps["tools"], name: string, principal: Principal): Tool {
  const tool = name.length > 600 ? undefined : tools.find(name);
  if (tool !== undefined && mayCall(principal, tool)) return tool;
  const allows = (other: Tool) => mayCall(principal, other);
  const known = tools.search(undefined, { detail: "names", allows }).map((item) => item.name);
  const nearest = nearestName(name, known);
  const shown = JSON.stringify(name.slice(0, 256));
  throw new AirlockError("not_found", `Cannot find the tool ${shown}: it does not exist`, {
    hint: nearest === undefined ? undefined : `Did you mean "${nearest}"?`,
  });
}
