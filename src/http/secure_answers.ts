/** Headers that every answer has. @module */

import type { MiddlewareHandler } from "hono";
import type { HttpEnv } from "./http_deps.ts";

const headers = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
};

/** Makes the middleware that adds them; what a route set itself stays. */
export function secureAnswers(): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    await next();
    // The answer that opens a socket has no headers that anybody may change.
    if (c.res.status === 101) return;
    for (const [name, value] of Object.entries(headers)) {
      if (!c.res.headers.has(name)) c.header(name, value);
    }
  };
}
