/** Collects what must never be seen in a log. @module */

import type { Config } from "./config.ts";

/**
 * All secrets of a configuration: those of keys and of the model, the private
 * key, and the values of headers and environments of upstreams, which usually
 * are secrets too. A header such as `Bearer abc` gives its last word as well.
 */
export function collectSecrets(config: Config): string[] {
  const { keys, model, servers, openapi, signingKey } = config;
  const headers = [...servers, ...openapi].flatMap((server) =>
    "headers" in server ? Object.values(server.headers) : []
  );
  const logins = servers.flatMap((server) =>
    "oauth" in server ? [server.oauth?.clientSecret ?? "", server.oauth?.privateKey ?? ""] : []
  );
  const variables = servers.flatMap((server) => "env" in server ? Object.values(server.env) : []);
  const secrets = [
    ...keys.map(({ secret }) => secret),
    ...headers.flatMap((value) => [value, value.split(/\s+/).at(-1) ?? ""]),
    ...variables,
    ...logins,
    model.apiKey ?? "",
    signingKey ?? "",
    privatePartOf(signingKey),
  ];
  return [...new Set(secrets)].filter((secret) => secret !== "");
}

function privatePartOf(jwk: string | undefined): string {
  return /"d"\s*:\s*"([\w-]+)"/.exec(jwk ?? "")?.[1] ?? "";
}
