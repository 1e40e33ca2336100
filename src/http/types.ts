/** The route of TypeScript declarations: `/v1/types`. @module */

import { Hono } from "hono";
import { z } from "zod";
import type { HttpDeps, HttpEnv } from "./http_deps.ts";
import { parseInput } from "./invalid_request.ts";

/** The query of `GET /v1/types`; `tools` may be repeated. */
export const typesQuery = z.object({
  tools: z.array(z.string().min(1).max(256)).max(100).default(["*"]),
});

/** Gives the declarations that code is checked against: an ambient script. */
export function typeRoutes(deps: Pick<HttpDeps, "tools">): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.get("/", (c) => {
    const query = { tools: c.req.queries("tools") };
    const { tools } = parseInput(query, typesQuery, "Cannot declare tools");
    return c.text(deps.tools.declarations(tools, c.var.principal));
  });
  return app;
}
