/** Where a person's browser comes back to from a login to an upstream: `GET /oauth/callback`. @module */

import { Hono } from "hono";
import { z } from "zod";
import type { HttpDeps, HttpEnv } from "./http_deps.ts";
import { parseInput } from "./invalid_request.ts";

const text = z.string().max(8_192).optional();

/** The answer of an authorization server (RFC 6749, RFC 9207). */
export const loginAnswer = z.object({
  state: z.string().max(256),
  code: text,
  iss: text,
  error: text,
});

/**
 * Takes the answer to a login that was begun here. It needs no key: a browser
 * has none, and `state` is good once, for the one login that made it.
 */
export function loginCallbackRoutes(deps: Pick<HttpDeps, "finishLogin">): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.get("/", async (c) => {
    const answer = parseInput(c.req.query(), loginAnswer, "Cannot log in");
    const name = await deps.finishLogin(new URLSearchParams(answer));
    return c.text(`Airlock is logged in to "${name}". This page can be closed.`);
  });
  return app;
}
