/** The console for people: `GET /`, one page that loads nothing from anywhere. @module */

import { Hono } from "hono";
import { createHash } from "node:crypto";
import style from "./console/page.css" with { type: "text" };
import template from "./console/page.html" with { type: "text" };
import script from "./console/page.js" with { type: "text" };
import type { HttpEnv } from "./http_deps.ts";

/** The whole page. It holds no data: it asks the API for them, with the key a person gives it. */
export const consolePage: string = template
  .replace("<!-- style -->", () => `<style>${style}</style>`)
  .replace("<!-- script -->", () => `<script type="module">${script}</script>`);

/** Lets the page run its own script and style, and talk to where it came from; nothing else. */
export const consolePolicy: string = [
  "default-src 'none'",
  `script-src ${sourceOf(script)}`,
  `style-src ${sourceOf(style)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Serves the page. */
export function consoleRoutes(): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get("/", (c) => {
    return c.html(consolePage, 200, { "content-security-policy": consolePolicy });
  });
}

/** A text as a source of a content security policy. */
function sourceOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}
