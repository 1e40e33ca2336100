/**
 * Refuses requests that a web page made through somebody's browser: names that
 * were rebound to this machine, and pages of other sites. @module
 */

import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { Config } from "../config/config.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { HttpEnv } from "./http_deps.ts";
import { isLoopbackName } from "./loopback.ts";

/** A `Host` in its two parts; the name in lower case, IPv6 in brackets. */
interface HostParts {
  name: string;
  port?: string;
}

/**
 * Makes the middleware that holds `Host`, and `Origin` where there is one,
 * against loopback names and the configured ones. A page of the accepted host
 * itself may always call it.
 *
 * @throws {AirlockError} From the middleware: `host_refused`.
 */
export function checkOrigin(listen: Config["listen"]): MiddlewareHandler<HttpEnv> {
  const hosts = listen.hosts.map((host) => host.toLowerCase());
  const origins = listen.origins.map(plainOrigin);
  return async (c, next) => {
    const host = c.req.header("host") ?? hostOfUrl(c.req.url);
    if (!isAcceptedHost(host, hosts)) {
      throw refusal("Host", host, `Add it to "listen.hosts" if it is a name of this server`);
    }
    const origin = c.req.header("origin");
    if (origin !== undefined && !isAcceptedOrigin(origin, host, origins)) {
      throw refusal(
        "Origin",
        origin,
        `Add it to "listen.origins" if its pages may call this server`,
      );
    }
    await next();
  };
}

/** Lets pages of the configured origins, and of no others, read the answers. */
export function allowOrigins(listen: Config["listen"]): MiddlewareHandler<HttpEnv> {
  const origins = listen.origins.map(plainOrigin);
  const allow = cors({
    origin: (origin) => origin,
    allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    exposeHeaders: ["ETag", "Location", "Mcp-Session-Id", "Retry-After", "WWW-Authenticate"],
    maxAge: 600,
  });
  return (c, next) => {
    const origin = c.req.header("origin");
    const listed = origin !== undefined && origins.includes(plainOrigin(origin));
    return listed ? allow(c, next) : next();
  };
}

function isAcceptedHost(host: string, hosts: readonly string[]): boolean {
  const parts = parseHost(host);
  if (parts === undefined) return false;
  return isLoopbackName(parts.name) || hosts.includes(parts.name) ||
    hosts.includes(host.toLowerCase());
}

function isAcceptedOrigin(origin: string, host: string, origins: readonly string[]): boolean {
  if (origins.includes(plainOrigin(origin))) return true;
  const authority = /^https?:\/\/([^/?#@\s]+)$/i.exec(origin)?.[1];
  const parts = authority === undefined ? undefined : parseHost(authority);
  if (authority === undefined || parts === undefined) return false;
  return isLoopbackName(parts.name) || authority.toLowerCase() === host.toLowerCase();
}

function parseHost(host: string): HostParts | undefined {
  const match = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::(\d{1,5}))?$/i.exec(host);
  return match === null ? undefined : { name: match[1].toLowerCase(), port: match[2] };
}

/** The authority of a URL that may not be one, since it was made from a hostile `Host`. */
function hostOfUrl(url: string): string {
  return URL.parse(url)?.host ?? "";
}

function plainOrigin(origin: string): string {
  return origin.toLowerCase().replace(/\/$/, "");
}

function refusal(header: string, value: string, hint: string): AirlockError {
  const shown = JSON.stringify(value.slice(0, 200));
  return new AirlockError(
    "host_refused",
    `Cannot serve the ${header} ${shown}: it is not accepted`,
    {
      hint,
    },
  );
}
