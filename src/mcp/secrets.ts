/** Keeps a server's own credentials out of what it says. @module */

import type { ServerConfig } from "../config/config.ts";
import type { Json } from "../protocol/json.ts";

/** Shorter values are too likely to stand for something else. */
const shortest = 8;

/** Hides one server's credentials: the values of its `env`, its headers and its URL. */
export class Secrets {
  readonly #pattern?: RegExp;

  /** Values of fewer than 8 characters are left out. */
  constructor(values: Iterable<string>) {
    const secrets = new Set([...values].filter((value) => value.length >= shortest));
    if (secrets.size === 0) return;
    const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(longestFirst.map(RegExp.escape).join("|"), "g");
  }

  /** The credentials that a configuration names. */
  static of(config: ServerConfig): Secrets {
    return new Secrets(
      config.transport === "stdio"
        ? Object.values(config.env)
        : [...Object.values(config.headers).flatMap(credentialsOf), ...urlCredentials(config.url)],
    );
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

/** A header's value, and what follows the scheme in `Bearer …`. */
function credentialsOf(header: string): string[] {
  return [header, header.slice(header.indexOf(" ") + 1)];
}

function urlCredentials(url: string): string[] {
  const parsed = URL.parse(url);
  return parsed === null ? [] : [parsed.password, ...parsed.searchParams.values()];
}
