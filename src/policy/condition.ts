/**
 * The language of `when`: what a policy rule asks of a call. It reads like a
 * JavaScript expression and is never one: no calls but three, no arithmetic, no
 * assignment, nothing that runs.
 *
 * - Paths: `arguments.items[0]["unit price"]`, `annotations.readOnlyHint`,
 *   `tool` (the name code uses), `principal` (the name of the key); `.length`
 *   of texts and lists. What is not there is `undefined`.
 * - Literals: numbers, texts in either quotes, `true false null undefined`, lists.
 * - `== != === !== < <= > >= in`, `&& || !`, parentheses.
 * - `contains(a, b)`, `startsWith(a, b)`, `endsWith(a, b)`, also as `a.contains(b)`.
 *
 * @module
 */

import { AirlockError } from "../errors/airlock_error.ts";
import { nearestName } from "../errors/nearest_name.ts";
import { conditionError, type Token, tokenizeCondition } from "./condition_tokens.ts";
import {
  comparisons,
  type Condition,
  type ConditionRoot,
  type ConditionValue,
  roots,
  type TextTest,
  textTests,
} from "./condition_tree.ts";

/** How deep parentheses, `!` and lists may nest. */
const maxDepth = 32;

const literals: ReadonlyMap<string, boolean | null | undefined> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
  ["undefined", undefined],
]);

/**
 * Reads a condition.
 *
 * @throws {AirlockError} `invalid_config`, with the place in the text.
 *
 * @example Usage
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * import { parseCondition } from "./condition.ts";
 * strictEqual(parseCondition("arguments.amount > 100").type, "compare");
 * ```
 */
export function parseCondition(text: string): Condition {
  return new ConditionParser(tokenizeCondition(text)).parse();
}

/** What is wrong with a condition, as a sentence; `undefined` where it can be read. */
export function checkCondition(text: string): string | undefined {
  try {
    parseCondition(text);
    return undefined;
  } catch (error) {
    if (error instanceof AirlockError) return error.message;
    throw error;
  }
}

/** Reads tokens by recursive descent: one method for each strength of binding. */
class ConditionParser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Condition {
    const condition = this.#any();
    if (this.#token.type !== "end") throw this.#unexpected();
    return condition;
  }

  #any(): Condition {
    const of = [this.#all()];
    while (this.#take("||")) of.push(this.#all());
    return of.length === 1 ? of[0] : { type: "any", of };
  }

  #all(): Condition {
    const of = [this.#comparison()];
    while (this.#take("&&")) of.push(this.#comparison());
    return of.length === 1 ? of[0] : { type: "all", of };
  }

  #comparison(): Condition {
    const { at } = this.#token;
    const left = this.#unary();
    const by = this.#token.type === "string" ? undefined : oneOf(comparisons, this.#token.value);
    if (by === undefined) return left;
    this.#next++;
    const rightAt = this.#token.at;
    const right = this.#unary();
    return { type: "compare", by, left: asValue(left, at), right: asValue(right, rightAt) };
  }

  #unary(): Condition {
    if (!this.#take("!")) return this.#primary();
    return this.#nested(() => ({ type: "not", of: this.#unary() }));
  }

  #primary(): Condition {
    const token = this.#token;
    this.#next++;
    switch (token.type) {
      case "number":
      case "string":
        return { type: "literal", value: token.value };
      case "name":
        return this.#named(token);
      case "symbol":
        if (token.value === "(") {
          const inner = this.#nested(() => this.#any());
          this.#expect(")");
          return inner;
        }
        if (token.value === "[") {
          return { type: "list", items: this.#nested(() => this.#values("]")) };
        }
        throw unexpectedToken(token);
      case "end":
        throw unexpectedToken(token);
      default:
        return token satisfies never;
    }
  }

  #named(token: Token & { type: "name" }): Condition {
    if (literals.has(token.value)) return { type: "literal", value: literals.get(token.value) };
    const test = oneOf(textTests, token.value);
    if (test !== undefined) return this.#test(test, token.at);
    const root = oneOf(roots, token.value);
    if (root === undefined) throw unknownName(token, [...roots, ...textTests, ...literals.keys()]);
    return this.#path(root);
  }

  #test(by: TextTest, at: number): Condition {
    this.#expect("(");
    const [left, right, ...more] = this.#nested(() => this.#values(")"));
    if (left === undefined || right === undefined || more.length > 0) {
      throw conditionError(`"${by}" takes two values`, at);
    }
    return { type: "test", by, left, right };
  }

  #path(root: ConditionRoot): Condition {
    const steps: (string | number)[] = [];
    while (true) {
      if (this.#take("[")) {
        steps.push(this.#index());
        this.#expect("]");
        continue;
      }
      if (!this.#take(".")) return { type: "path", root, steps };
      const token = this.#token;
      if (token.type !== "name") throw this.#unexpected();
      this.#next++;
      if (!this.#take("(")) {
        steps.push(token.value);
        continue;
      }
      return this.#method(token, { type: "path", root, steps });
    }
  }

  #index(): string | number {
    const token = this.#token;
    if (token.type !== "number" && token.type !== "string") throw this.#unexpected();
    this.#next++;
    if (token.type === "number" && !(Number.isInteger(token.value) && token.value >= 0)) {
      throw conditionError("a place in a list is a whole number from 0", token.at);
    }
    return token.value;
  }

  #method(token: Token & { type: "name" }, left: ConditionValue): Condition {
    const by = oneOf(textTests, token.value);
    if (by === undefined) throw unknownName(token, textTests);
    const [right, ...more] = this.#nested(() => this.#values(")"));
    if (right === undefined || more.length > 0) {
      throw conditionError(`".${by}" takes one value`, token.at);
    }
    return { type: "test", by, left, right };
  }

  /** Values with commas between them, up to and with the closing symbol. */
  #values(close: string): ConditionValue[] {
    const values: ConditionValue[] = [];
    while (!this.#take(close)) {
      if (values.length > 0) this.#expect(",");
      const { at } = this.#token;
      values.push(asValue(this.#any(), at));
    }
    return values;
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > maxDepth) {
      throw conditionError(`it nests deeper than ${maxDepth} levels`, this.#token.at);
    }
    const inner = read();
    this.#depth--;
    return inner;
  }

  get #token(): Token {
    return this.#tokens[Math.min(this.#next, this.#tokens.length - 1)];
  }

  #take(symbol: string): boolean {
    const { type, value } = this.#token;
    if (type !== "symbol" || value !== symbol) return false;
    this.#next++;
    return true;
  }

  #expect(symbol: string): void {
    if (this.#take(symbol)) return;
    throw conditionError(`expected "${symbol}"`, this.#token.at);
  }

  #unexpected(): AirlockError {
    return unexpectedToken(this.#token);
  }
}

/** Only values are compared: `!a == b` and `a < b < c` mean what nobody expects. */
function asValue(condition: Condition, at: number): ConditionValue {
  switch (condition.type) {
    case "literal":
    case "list":
    case "path":
      return condition;
    default:
      throw conditionError("only values can be compared, not conditions", at);
  }
}

function oneOf<T extends string>(names: readonly T[], value: string | number): T | undefined {
  return names.find((name) => name === value);
}

function unexpectedToken({ type, value, at }: Token): AirlockError {
  return conditionError(type === "end" ? "it ends too early" : `unexpected "${value}"`, at);
}

function unknownName(token: Token & { type: "name" }, known: readonly string[]): AirlockError {
  const near = nearestName(token.value, known);
  const hint = near === undefined ? "" : `, perhaps "${near}" was meant,`;
  return conditionError(`unknown name "${token.value}"${hint}`, token.at);
}
