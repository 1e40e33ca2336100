/** Routes that machines ask without a key: alive, ready, public keys. @module */

import { Hono } from "hono";
import type { HttpDeps, HttpEnv } from "./http_deps.ts";

/** Tells whether it is alive and ready, and with which keys receipts are signed. */
export function healthRoutes(deps: Pick<HttpDeps, "readiness" | "jwks">): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();

  app.get("/healthz", (c) => c.json({ status: "ok" }));

  app.get("/readyz", (c) => {
    const { ready, reason, isolation } = deps.readiness();
    const status = ready ? "ready" : "not_ready";
    return c.json({ status, reason, isolation }, ready ? 200 : 503);
  });

  app.get("/.well-known/jwks.json", (c) => c.json(deps.jwks()));

  return app;
}
