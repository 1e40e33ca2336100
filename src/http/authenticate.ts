/** Decides on whose behalf a request comes. @module */

import type { MiddlewareHandler } from "hono";
import { createHash, timingSafeEqual } from "node:crypto";
import { AirlockError } from "../errors/airlock_error.ts";
import { localPrincipal } from "../grants/principal.ts";
import type { Principal } from "../grants/principal.ts";
import type { HttpDeps, HttpEnv, PeerInfo } from "./http_deps.ts";
import { isLoopbackAddress } from "./loopback.ts";

/**
 * Routes that need no key: they tell nothing about anybody. The console's page
 * holds no data; answers to logins are known by their secret `state`.
 */
export const openPaths: ReadonlySet<string> = new Set([
  "/",
  "/healthz",
  "/readyz",
  "/.well-known/jwks.json",
  "/oauth/callback",
]);

/** A secret as it is kept for comparing: all digests have one length. */
interface KnownKey {
  digest: Uint8Array;
  principal: Principal;
}

/**
 * Makes the middleware that sets `principal`. With keys each request names one
 * (`Authorization: Bearer …`); without, only peers on this machine are served.
 *
 * @throws {AirlockError} From the middleware: `unauthorized` or `forbidden`.
 */
export function authenticate(
  deps: Pick<HttpDeps, "config" | "ownerToken" | "trustUnknownPeers">,
): MiddlewareHandler<HttpEnv> {
  const { config, ownerToken, trustUnknownPeers = false } = deps;
  const known: KnownKey[] = config.keys.map(({ name, secret, tools }) => ({
    digest: digestOf(secret),
    principal: { name, tools },
  }));
  if (ownerToken !== undefined) {
    known.push({ digest: digestOf(ownerToken), principal: localPrincipal });
  }
  const hasKeys = config.keys.length > 0;
  return async (c, next) => {
    if (!hasKeys) assertLocalPeer(c.env, trustUnknownPeers);
    const principal = hasKeys
      ? principalOf(bearerOf(c.req.header("authorization")), known)
      : localPrincipal;
    if (principal !== undefined) c.set("principal", principal);
    else if (!openPaths.has(c.req.path)) throw unauthorized(c.req.header("authorization"));
    await next();
  };
}

/** The principal of a secret; each known key is compared, whether or not one fitted before. */
function principalOf(
  secret: string | undefined,
  known: readonly KnownKey[],
): Principal | undefined {
  if (secret === undefined) return undefined;
  const digest = digestOf(secret);
  let found: Principal | undefined;
  for (const key of known) {
    if (timingSafeEqual(digest, key.digest)) found = key.principal;
  }
  return found;
}

function bearerOf(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^bearer +(\S+) *$/i.exec(header)?.[1];
}

function assertLocalPeer(info: PeerInfo | undefined, trustUnknownPeers: boolean): void {
  const peer = info?.remoteAddr;
  if (peer === undefined) {
    if (trustUnknownPeers) return;
    throw withoutKeys("an unknown peer");
  }
  const hostname = "hostname" in peer ? peer.hostname : "";
  if (!isLoopbackAddress(hostname)) throw withoutKeys(`"${hostname}"`);
}

function withoutKeys(peer: string): AirlockError {
  return new AirlockError(
    "forbidden",
    `Cannot serve ${peer}: without API keys only this machine is served`,
    {
      hint: 'Configure "keys" or AIRLOCK_API_KEY',
    },
  );
}

function unauthorized(header: string | undefined): AirlockError {
  const state = header === undefined ? "no API key was sent" : "the API key is not known";
  return new AirlockError("unauthorized", `Cannot serve the request: ${state}`, {
    hint: "Send Authorization: Bearer with an API key",
  });
}

function digestOf(secret: string): Uint8Array {
  return createHash("sha256").update(secret, "utf8").digest();
}
