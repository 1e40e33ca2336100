/** Where the operations of a document are. @module */

import { UpstreamError } from "../servers/upstream_error.ts";
import { asList, asPart, asText, ownMember, type Part } from "./part.ts";
import { reachUrl, type UrlOrigin } from "./reach.ts";

const maxServers = 100;
const maxUrlChars = 2048;

/** What {@linkcode findBaseUrl} chooses from. */
export interface BaseUrlSources {
  /** From the configuration; goes before all others. */
  readonly configured?: string;
  /** Where the document came from, if that has a URL. */
  readonly document?: URL;
}

/**
 * The URL that paths are added to: the configured one, else the first of the
 * document's servers that can be reached.
 *
 * @throws {UpstreamError} `missing`, where there is none.
 */
export function findBaseUrl(root: Part, { configured, document }: BaseUrlSources): URL {
  if (configured !== undefined) {
    const url = reachUrl(configured, "configured");
    if (typeof url === "string") throw new UpstreamError("missing", `${url} (baseUrl)`);
    return url;
  }
  const named = asList(root.servers, maxServers);
  const servers = named.length === 0 ? [{ url: "/" }] : named;
  let problem = "";
  for (const server of servers) {
    const url = reachUrl(expandServer(server) ?? "", "declared", document);
    if (typeof url !== "string") return url;
    problem = `${url}; set its baseUrl`;
  }
  throw new UpstreamError("missing", problem);
}

/**
 * The base URL of a path or operation that names servers of its own. Where the
 * configuration chose one, credentials belong to its origin alone.
 *
 * @param chosenBy Who named `base`.
 * @throws {UpstreamError} `refused`, where none of the servers may be used.
 */
export function ownBaseUrl(servers: unknown, base: URL, chosenBy: UrlOrigin): URL {
  if (servers === undefined) return base;
  let problem = "it names no server";
  for (const server of asList(servers, maxServers)) {
    const url = reachUrl(expandServer(server) ?? "", "declared", base);
    if (typeof url !== "string" && (chosenBy === "declared" || url.origin === base.origin)) {
      return url;
    }
    problem = typeof url === "string" ? url : `its server is not "${base.origin}"`;
  }
  throw new UpstreamError("refused", problem);
}

/** A server's URL with the default values of its variables; `undefined` where one has none. */
function expandServer(server: unknown): string | undefined {
  const part = asPart(server);
  const variables = asPart(part?.variables);
  const url = asText(part?.url, maxUrlChars)?.replace(
    /\{([^{}]{1,64})\}/g,
    (whole, name: string) => {
      const value = asPart(ownMember(variables, name))?.default;
      return typeof value === "string" || typeof value === "number" ? String(value) : whole;
    },
  );
  return url?.includes("{") ? undefined : url;
}
