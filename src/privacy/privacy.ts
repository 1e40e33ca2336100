/**
 * Replaces private values in the answers of tools by tokens, before anything
 * else sees them, and puts them back in the arguments of tools that are allowed
 * them. Equal values of one principal have equal tokens; nobody can guess a
 * value from its token. @module
 */

import { createHmac } from "node:crypto";
import { matchesTool } from "../catalog/glob.ts";
import type { Tool } from "../catalog/tool.ts";
import type { PrivacyRule } from "../config/config.ts";
import type { Json } from "../protocol/json.ts";
import { Seal } from "../storage/seal.ts";
import { patternOf, type TextPattern } from "./patterns.ts";

/** What a {@linkcode Privacy} needs. */
export interface PrivacyDeps {
  /** Where values lie, encrypted. */
  kv: Deno.Kv;
  /** 32 secret bytes each: one for tokens, one for values. */
  tokenKey: Uint8Array<ArrayBuffer>;
  /** For values. */
  sealKey: Uint8Array<ArrayBuffer>;
}

/** A token in running text: its kind, and 26 characters that nobody can guess. */
const token = /\b[a-z]{1,16}_[a-z2-7]{26}\b/g;
const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
/** Tokens whose value is known to be stored. */
const maxKnown = 10_000;

const keys = { value: (owner: string, token: string) => ["private", owner, token] };

/** Conceals and reveals by the configured rules. */
export class Privacy {
  readonly #rules: readonly PrivacyRule[];
  readonly #kv: Deno.Kv;
  readonly #tokenKey: Uint8Array;
  readonly #seal: Seal;
  readonly #known = new Set<string>();
  /** What stands behind the tokens in arguments that left. */
  readonly #sent = new WeakMap<object, ReadonlyMap<string, string>>();

  private constructor(rules: readonly PrivacyRule[], { kv, tokenKey }: PrivacyDeps, seal: Seal) {
    [this.#rules, this.#kv, this.#tokenKey, this.#seal] = [rules, kv, tokenKey, seal];
  }

  /** Opens it. */
  static async open(rules: readonly PrivacyRule[], deps: PrivacyDeps): Promise<Privacy> {
    return new Privacy(rules, deps, await Seal.of(deps.sealKey));
  }

  /** The answer of a tool with tokens in the place of what is private. */
  async conceal(tool: Tool, given: Json, owner: string, sent?: object): Promise<Json> {
    const answer = this.#withoutSent(given, sent);
    const rules = this.#rules.filter((rule) => matchesTool(rule.tool, tool));
    if (rules.length === 0) return answer;
    const fields = new Set(rules.flatMap((rule) => rule.fields));
    const patterns = new Set(rules.flatMap((rule) => rule.patterns));
    const found = new Map<string, string>();
    const concealed = new Concealing(
      fields,
      [...patterns].flatMap((name) => patternOf(name) ?? []),
      (kind, value) => {
        const made = this.#tokenOf(owner, kind, value);
        found.set(made, value);
        return made;
      },
    ).value(answer);
    await Promise.all([...found].map(([made, value]) => this.#keep(owner, made, value)));
    return concealed;
  }

  /** The arguments for a tool, with the values of tokens where it is allowed them. */
  async reveal<T extends Json>(tool: Tool, args: T, owner: string): Promise<T> {
    const isAllowed = this.#rules.some((rule) =>
      rule.reveal.some((glob) => matchesTool(glob, tool))
    );
    if (!isAllowed) return args;
    const text = JSON.stringify(args);
    const tokens = new Set(text.match(token) ?? []);
    let revealed = text;
    const values = new Map<string, string>();
    for (const one of tokens) {
      const value = await this.#valueOf(owner, one);
      if (value === undefined) continue;
      values.set(one, value);
      revealed = revealed.replaceAll(one, () => inJson(value));
    }
    if (values.size === 0) return args;
    const whole = JSON.parse(revealed);
    this.#sent.set(whole, values);
    return whole;
  }

  /** A tool that repeats what it was sent gives nothing away. */
  #withoutSent(answer: Json, sent: object | undefined): Json {
    const values = sent && this.#sent.get(sent);
    if (values === undefined) return answer;
    let text = JSON.stringify(answer);
    for (const [made, value] of values) text = text.replaceAll(inJson(value), () => made);
    return JSON.parse(text);
  }

  #tokenOf(owner: string, kind: string, value: string): string {
    const hmac = createHmac("sha256", this.#tokenKey).update(`${owner}\u0000${value}`).digest();
    let text = "";
    for (let at = 0; at < 26; at++) text += alphabet[hmac[at] & 31];
    return `${kind}_${text}`;
  }

  async #keep(owner: string, made: string, value: string): Promise<void> {
    const key = keys.value(owner, made);
    const id = JSON.stringify(key);
    if (this.#known.has(id)) return;
    if ((await this.#kv.get(key)).versionstamp === null) {
      await this.#kv.set(key, await this.#seal.close(value, key));
    }
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.add(id);
  }

  async #valueOf(owner: string, made: string): Promise<string | undefined> {
    const key = keys.value(owner, made);
    const { value } = await this.#kv.get(key);
    return value instanceof Uint8Array ? await this.#seal.open(value, key) : undefined;
  }
}

function inJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** Longest private text that is kept; a longer one is cut in its token's value. */
const maxValueChars = 10_000;

/** One walk through an answer. */
class Concealing {
  readonly #fields: ReadonlySet<string>;
  readonly #patterns: readonly TextPattern[];
  readonly #toToken: (kind: string, value: string) => string;

  constructor(
    fields: ReadonlySet<string>,
    patterns: readonly TextPattern[],
    toToken: (kind: string, value: string) => string,
  ) {
    [this.#fields, this.#patterns, this.#toToken] = [fields, patterns, toToken];
  }

  value(value: Json): Json {
    if (typeof value === "string") return this.#text(value);
    if (typeof value === "number" && this.#patterns.length > 0) return this.#number(value);
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        this.#fields.has(name) ? this.#whole(kindOf(name), item) : this.value(item),
      ]),
    );
  }

  /** Everything in a private field is private. */
  #whole(kind: string, value: Json): Json {
    if (typeof value === "string") return value === "" ? value : this.#made(kind, value);
    if (typeof value === "number") return this.#made(kind, `${value}`);
    if (Array.isArray(value)) return value.map((item) => this.#whole(kind, item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, this.#whole(kind, item)]),
    );
  }

  #text(text: string): string {
    const inner = this.#json(text);
    if (inner !== undefined) return inner;
    let concealed = text;
    for (const { kind, expression, isOne = () => true } of this.#patterns) {
      concealed = concealed.replace(
        expression,
        (found) => isOne(found) ? this.#made(kind, found) : found,
      );
    }
    return concealed;
  }

  /** A text that is JSON of an object has fields too. */
  #json(text: string): string | undefined {
    if (this.#fields.size === 0 || !/^\s*[[{]/.test(text)) return undefined;
    try {
      return JSON.stringify(this.value(JSON.parse(text)));
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  #number(value: number): Json {
    const text = `${value}`;
    const concealed = this.#text(text);
    return concealed === text ? value : concealed;
  }

  #made(kind: string, value: string): string {
    return this.#toToken(kind, value.slice(0, maxValueChars));
  }
}

function kindOf(field: string): string {
  const letters = field.toLowerCase().replace(/[^a-z]/g, "").slice(0, 16);
  return letters === "" ? "private" : letters;
}
