/** `URL`: parsed outside by the runtime's own parser, kept and shown here. @module */

import { connection } from "./connection.ts";
import { quoteText } from "./inspect_text.ts";
import { defineHidden, defineValue, jsonParse, stringSlice } from "./primordials.ts";
import {
  scalarText,
  type SharedParams,
  shareParams,
  type URLSearchParams,
} from "./url_search_params.ts";

/** What the gateway tells of a URL. */
interface Components {
  readonly href: string;
  readonly origin: string;
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
}

const NativeTypeError = TypeError;
const { toStringTag } = Symbol;

/** A URL of the WHATWG standard. */
export class URL {
  #parts: Components;
  #query: SharedParams | undefined;

  static {
    defineHidden(this.prototype, toStringTag, "URL");
  }

  constructor(url: unknown, base?: unknown) {
    const text = scalarText(url);
    const parts = parse(text, base === undefined ? undefined : scalarText(base));
    if (parts === undefined) throw invalidUrl(text);
    this.#parts = parts;
  }

  /** Whether the constructor would take these. */
  static canParse(url: unknown, base?: unknown): boolean {
    return parse(scalarText(url), base === undefined ? undefined : scalarText(base)) !== undefined;
  }

  /** The URL, or `null` where it is none. */
  static parse(url: unknown, base?: unknown): URL | null {
    const text = scalarText(url);
    const baseText = base === undefined ? undefined : scalarText(base);
    return parse(text, baseText) === undefined ? null : createUrl(text, baseText);
  }

  get href(): string {
    return this.#parts.href;
  }
  set href(value: unknown) {
    const text = scalarText(value);
    const parts = parse(text, undefined);
    if (parts === undefined) throw invalidUrl(text);
    this.#parts = parts;
    this.#query?.read(parts.search);
  }

  get origin(): string {
    return this.#parts.origin;
  }

  get protocol(): string {
    return this.#parts.protocol;
  }
  set protocol(value: unknown) {
    this.#change("protocol", value);
  }

  get username(): string {
    return this.#parts.username;
  }
  set username(value: unknown) {
    this.#change("username", value);
  }

  get password(): string {
    return this.#parts.password;
  }
  set password(value: unknown) {
    this.#change("password", value);
  }

  get host(): string {
    return this.#parts.host;
  }
  set host(value: unknown) {
    this.#change("host", value);
  }

  get hostname(): string {
    return this.#parts.hostname;
  }
  set hostname(value: unknown) {
    this.#change("hostname", value);
  }

  get port(): string {
    return this.#parts.port;
  }
  set port(value: unknown) {
    this.#change("port", value);
  }

  get pathname(): string {
    return this.#parts.pathname;
  }
  set pathname(value: unknown) {
    this.#change("pathname", value);
  }

  get search(): string {
    return this.#parts.search;
  }
  set search(value: unknown) {
    this.#change("search", value);
    this.#query?.read(this.#parts.search);
  }

  get hash(): string {
    return this.#parts.hash;
  }
  set hash(value: unknown) {
    this.#change("hash", value);
  }

  get searchParams(): URLSearchParams {
    this.#query ??= shareParams(
      this.#parts.search,
      (query) => this.#change("search", query),
    );
    return this.#query.params;
  }

  toString(): string {
    return this.#parts.href;
  }

  toJSON(): string {
    return this.#parts.href;
  }

  #change(component: keyof Components, value: unknown): void {
    const json = connection().gateway(
      "changeUrl",
      this.#parts.href,
      component,
      scalarText(value),
    );
    this.#parts = jsonParse(json);
  }
}

/** Outside the class, which the bundler would rename if it named itself. */
function createUrl(url: string, base: string | undefined): URL {
  return new URL(url, base);
}

function parse(url: string, base: string | undefined): Components | undefined {
  const json = connection().gateway("parseUrl", url, base);
  return json === undefined ? undefined : jsonParse(json);
}

function invalidUrl(url: string): TypeError {
  const error = new NativeTypeError(`Invalid URL: ${quoteText(stringSlice(url, 0, 1_000))}`);
  defineValue(error, "code", "ERR_INVALID_URL");
  return error;
}
