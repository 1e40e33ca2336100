/** The whole HTTP surface as one app, without a port. @module */

import { Hono } from "hono";
import type { Context } from "hono";
import { agentRoutes } from "./agents.ts";
import { approvalRoutes } from "./approvals.ts";
import { authenticate } from "./authenticate.ts";
import { allowOrigins, checkOrigin } from "./check_origin.ts";
import { consoleRoutes } from "./console_page.ts";
import { healthRoutes } from "./health.ts";
import type { HttpDeps, HttpEnv } from "./http_deps.ts";
import { loginCallbackRoutes } from "./login_callback.ts";
import { openapiRoutes } from "./openapi.ts";
import { problem, problemResponse } from "./problem.ts";
import { runRoutes } from "./runs.ts";
import { secureAnswers } from "./secure_answers.ts";
import { serverRoutes } from "./servers.ts";
import { toolRoutes } from "./tools.ts";
import { typeRoutes } from "./types.ts";

/**
 * Makes the app. Its `fetch` takes what `Deno.serve` knows of the peer as its
 * second argument.
 */
export function createApp(deps: HttpDeps): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.onError(problem);
  app.notFound((c) => answerUnrouted(c, app));

  app.use(secureAnswers());
  app.use(checkOrigin(deps.config.listen));
  app.use(allowOrigins(deps.config.listen));
  app.use(authenticate(deps));

  app.route("/", healthRoutes(deps));
  app.route("/", consoleRoutes());
  app.route("/oauth/callback", loginCallbackRoutes(deps));
  app.route("/openapi.json", openapiRoutes(deps));
  app.route("/v1/runs", runRoutes(deps));
  app.route("/v1/tools", toolRoutes(deps));
  app.route("/v1/types", typeRoutes(deps));
  app.route("/v1/servers", serverRoutes(deps));
  app.route("/v1/approvals", approvalRoutes(deps));
  const { agents, config } = deps;
  if (agents !== undefined) app.route("/v1/agents", agentRoutes({ agents, config }));
  app.all("/mcp", (c) => deps.mcp(c.req.raw, c.var.principal));
  return app;
}

/** Answers where no route fits: the methods there are, or that there is nothing. */
function answerUnrouted(c: Context<HttpEnv>, app: Hono<HttpEnv>): Response {
  const { method, path } = c.req;
  const allowed = allowedMethods(app, path);
  if (allowed.length === 0) {
    return problemResponse(
      "not_found",
      `Cannot find ${JSON.stringify(path.slice(0, 256))}: no such route`,
    );
  }
  const allow = allowed.join(", ");
  if (method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  const detail = `Cannot ${method} ${JSON.stringify(path.slice(0, 256))}: the route takes ${allow}`;
  return problemResponse("method_not_allowed", detail, { headers: { allow } });
}

function allowedMethods(app: Hono<HttpEnv>, path: string): string[] {
  const methods = new Set(app.routes.map((route) => route.method));
  const fitting = [...methods].filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method)
  ).filter((method) => method !== "ALL");
  if (fitting.includes("GET")) fitting.push("HEAD");
  return fitting.length === 0 ? [] : [...fitting, "OPTIONS"].sort();
}
