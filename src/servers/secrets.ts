/** Keeps a server's own credentials out of what it says. @module */

import type { HttpServerConfig, OpenApiConfig, ServerConfig } from "../config/config.ts";
import type { Json } from "../protocol/json.ts";

/** Shorter values are too likely to stand for something else. */
const shortest = 8;

/** Most values that are learned; older ones have been replaced by their server. */
const mostLearned = 32;

/** Hides one server's credentials: the values of its `env`, its headers and its URLs. */
export class Secrets {
  readonly #fixed: readonly string[];
  #learned: string[] = [];
  #pattern?: RegExp;

  /** Values of fewer than 8 characters are left out. */
  constructor(values: Iterable<string>) {
    this.#fixed = [...values];
    this.#pattern = patternOf(this.#fixed);
  }

  /** Hides these too, tokens of a login, say; of all that came this way the latest 32. */
  learn(values: readonly string[]): void {
    this.#learned = [...new Set([...values, ...this.#learned])].slice(0, mostLearned);
    this.#pattern = patternOf([...this.#fixed, ...this.#learned]);
  }

  /** The credentials that a configuration names. */
  static of(config: ServerConfig | OpenApiConfig): Secrets {
    if ("document" in config) {
      return fromWeb(config.headers, [config.document, config.baseUrl ?? ""]);
    }
    return config.transport === "stdio"
      ? new Secrets(Object.values(config.env))
      : fromWeb(config.headers, [config.url], loginSecrets(config));
  }

  /** The text with each credential replaced by `[secret]`. */
  hide(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, "[secret]");
  }

  /** The value with each credential in its strings and keys replaced by `[secret]`. */
  hideIn(value: Json): Json {
    return this.#pattern === undefined ? value : this.#hideDeep(value);
  }

  #hideDeep(value: Json): Json {
    if (typeof value === "string") return this.hide(value);
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((item) => this.#hideDeep(item));
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, item]) => [this.hide(key), this.#hideDeep(item)]));
  }
}

function patternOf(values: readonly string[]): RegExp | undefined {
  const secrets = new Set(values.filter((value) => value.length >= shortest));
  if (secrets.size === 0) return undefined;
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(RegExp.escape).join("|"), "g");
}

function loginSecrets({ oauth }: HttpServerConfig): string[] {
  return [oauth?.clientSecret ?? "", oauth?.privateKey ?? ""];
}

function fromWeb(
  headers: Readonly<Record<string, string>>,
  urls: readonly string[],
  more: readonly string[] = [],
): Secrets {
  return new Secrets([
    ...more,
    ...Object.values(headers).flatMap(credentialsOf),
    ...urls.flatMap(urlCredentials),
  ]);
}

/** A header's value, and what follows the scheme in `Bearer …`. */
function credentialsOf(header: string): string[] {
  return [header, header.slice(header.indexOf(" ") + 1)];
}

function urlCredentials(url: string): string[] {
  const parsed = URL.parse(url);
  return parsed === null ? [] : [parsed.password, ...parsed.searchParams.values()];
}
