/** Which credentials a document asks for, and which of them the configuration gives. @module */

import type { OpenApiConfig } from "../config/config.ts";
import type { LocalRefs } from "./local_refs.ts";
import { asList, asPart, asText, ownMember, type Part } from "./part.ts";

const maxSchemes = 1_000;
const maxAlternatives = 100;

/** Headers that the request itself makes, or that would change where it ends. */
const ownHeaders = new Set(
  ("accept accept-encoding authorization connection content-encoding content-length content-type " +
    "cookie expect host keep-alive proxy-authorization proxy-connection te trailer " +
    "transfer-encoding upgrade via").split(" "),
);

/** A place in requests where a credential goes. */
interface CredentialPlace {
  /** `header`, `query` or `cookie`; what else there is cannot be configured. */
  readonly place: string;
  readonly name: string;
}

/** Knows the credentials of one document. They never become arguments. */
export class Credentials {
  readonly #schemes: ReadonlyMap<string, CredentialPlace>;
  readonly #headers: Headers;
  readonly #query: URLSearchParams;

  /** Reads the security schemes of a document. */
  constructor(root: Part, refs: LocalRefs, config: Pick<OpenApiConfig, "headers" | "baseUrl">) {
    const schemes = asPart(asPart(root.components)?.securitySchemes) ?? {};
    this.#schemes = new Map(
      Object.entries(schemes).slice(0, maxSchemes)
        .map(([name, scheme]) => [name, placeOf(refs.follow(scheme))]),
    );
    this.#headers = new Headers(config.headers);
    this.#query = URL.parse(config.baseUrl ?? "")?.searchParams ?? new URLSearchParams();
  }

  /** Whether a parameter is not for code to set. */
  reserves(place: string, name: string): boolean {
    if (place === "header" && (ownHeaders.has(name.toLowerCase()) || this.#hasHeader(name))) {
      return true;
    }
    if (place === "query" && this.#query.has(name)) return true;
    return [...this.#schemes.values()].some((scheme) =>
      scheme.place === place && scheme.name.toLowerCase() === name.toLowerCase()
    );
  }

  /** Whether the configuration gives it, or the request itself does. */
  covers(place: string, name: string): boolean {
    switch (place) {
      case "header":
        return this.#hasHeader(name) || /^(accept|content-type|content-length|host)$/i.test(name);
      case "query":
        return this.#query.has(name);
      case "cookie":
        return (this.#headers.get("cookie") ?? "").split(";")
          .some((pair) => pair.trim().startsWith(`${name}=`));
      default:
        return false;
    }
  }

  /**
   * What an operation needs beyond what is configured, in words; `undefined`
   * where it needs nothing. Of several alternatives one is enough.
   */
  missingFor(security: unknown): string | undefined {
    const alternatives = asList(security, maxAlternatives).map((item) =>
      Object.keys(asPart(item) ?? {})
    );
    if (alternatives.length === 0) return undefined;
    const missing = alternatives.map((names) => names.filter((name) => !this.#hasScheme(name)));
    if (missing.some((names) => names.length === 0)) return undefined;
    const [first] = missing.toSorted((a, b) => a.length - b.length);
    return first.slice(0, 4).map((name) => this.#describe(name)).join(" and ");
  }

  #hasScheme(name: string): boolean {
    const scheme = this.#schemes.get(name);
    return scheme !== undefined && this.covers(scheme.place, scheme.name);
  }

  #hasHeader(name: string): boolean {
    return isSendableHeader(name) && this.#headers.has(name);
  }

  #describe(name: string): string {
    const scheme = this.#schemes.get(name);
    const quoted = JSON.stringify(name.slice(0, 100));
    if (scheme === undefined || scheme.place === "") return `${quoted} (not supported)`;
    return `${quoted} (${scheme.place} ${JSON.stringify(scheme.name)})`;
  }
}

/** Whether a text can be the name of an HTTP header. */
export function isSendableHeader(name: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]{1,256}$/.test(name);
}

function placeOf(scheme: Part | undefined): CredentialPlace {
  switch (ownMember(scheme, "type")) {
    case "http":
    case "oauth2":
    case "openIdConnect":
      return { place: "header", name: "Authorization" };
    case "apiKey":
      return { place: asText(scheme?.in, 16) ?? "", name: asText(scheme?.name, 256) ?? "" };
    default:
      return { place: "", name: "" };
  }
}
