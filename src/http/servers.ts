/** Routes of upstreams: `/v1/servers`. @module */

import { Hono } from "hono";
import { AirlockError } from "../errors/airlock_error.ts";
import type { ServerState } from "../servers/server_state.ts";
import type { HttpDeps, HttpEnv } from "./http_deps.ts";
import { parseInput } from "./invalid_request.ts";
import { offsetQuery, pageOf } from "./page.ts";

/** Shows how the upstreams stand, connects them anew, and begins logins. */
export function serverRoutes(deps: Pick<HttpDeps, "servers">): Hono<HttpEnv> {
  const { servers } = deps;
  const app = new Hono<HttpEnv>();

  app.get("/", (c) => {
    const query = parseInput(c.req.query(), offsetQuery, "Cannot list servers");
    return c.json(pageOf(servers.states(), query));
  });

  app.post("/:name/reconnect", async (c) => {
    const { name } = findServer(servers, c.req.param("name"));
    return c.json(await servers.reconnect(name));
  });

  app.post("/:name/auth", async (c) => {
    const { name, state } = findServer(servers, c.req.param("name"));
    if (state !== "needs_auth") {
      throw noLogin(name, `the server is ${state} and does not need a login`);
    }
    if (servers.login === undefined) {
      throw noLogin(name, "it takes its credentials from the configuration");
    }
    return c.json(await servers.login(name));
  });

  return app;
}

function findServer(servers: HttpDeps["servers"], name: string): ServerState {
  const server = servers.states().find((state) => state.name === name);
  if (server !== undefined) return server;
  const shown = JSON.stringify(name.slice(0, 256));
  throw new AirlockError("not_found", `Cannot find the server ${shown}: it is not configured`);
}

function noLogin(name: string, state: string): AirlockError {
  return new AirlockError("conflict", `Cannot log in to "${name}": ${state}`);
}
