/** Holds a condition against one call. @module */

import type { ToolAnnotations } from "../catalog/tool.ts";
import type { Json } from "../protocol/json.ts";
import type {
  Comparison,
  Condition,
  ConditionRoot,
  ConditionValue,
  TextTest,
} from "./condition_tree.ts";

/** What conditions may ask about, under the names they ask by. */
export interface ConditionFacts extends Record<ConditionRoot, unknown> {
  /** Arguments of the call. */
  readonly arguments: { readonly [name: string]: Json };
  /** What the server claims about its tool. */
  readonly annotations: ToolAnnotations;
  /** The name that code uses. */
  readonly tool: string;
  /** The name of the key. */
  readonly principal: string;
}

/**
 * What came of it. `unclear` where the values cannot be judged: texts held
 * against numbers, an order of things that have none. Whoever asks decides on
 * which side to err.
 */
export type Verdict = boolean | "unclear";

/** The comparisons that put values in order. */
type Order = "<" | "<=" | ">" | ">=";

/**
 * Holds a condition against a call. Never throws, and takes time in proportion
 * to the arguments. Values of unlike types are `unclear`, so that `"500"` does
 * not slip past `arguments.amount > 100`; a missing one and `null` are equal to each
 * other by `==` and to nothing else. Inherited names are missing.
 */
export function evaluateCondition(condition: Condition, facts: ConditionFacts): Verdict {
  switch (condition.type) {
    case "literal":
    case "list":
    case "path":
      return truthOf(valueOf(condition, facts));
    case "compare":
      return compare(
        condition.by,
        valueOf(condition.left, facts),
        valueOf(condition.right, facts),
      );
    case "test":
      return test(condition.by, valueOf(condition.left, facts), valueOf(condition.right, facts));
    case "not":
      return not(evaluateCondition(condition.of, facts));
    case "all":
      return not(some(condition.of, (part) => not(evaluateCondition(part, facts))));
    case "any":
      return some(condition.of, (part) => evaluateCondition(part, facts));
    default:
      return condition satisfies never;
  }
}

function valueOf(value: ConditionValue, facts: ConditionFacts): unknown {
  switch (value.type) {
    case "literal":
      return value.value;
    case "list":
      return value.items.map((item) => valueOf(item, facts));
    case "path": {
      let found: unknown = facts[value.root];
      for (const step of value.steps) found = ownMember(found, step);
      return found;
    }
    default:
      return value satisfies never;
  }
}

function ownMember(of: unknown, step: string | number): unknown {
  if (typeof of === "string") return step === "length" ? of.length : undefined;
  if (typeof of !== "object" || of === null) return undefined;
  return Object.getOwnPropertyDescriptor(of, step)?.value;
}

function truthOf(value: unknown): Verdict {
  if (value === undefined || value === null) return false;
  return typeof value === "boolean" ? value : "unclear";
}

function compare(by: Comparison, left: unknown, right: unknown): Verdict {
  switch (by) {
    case "==":
      return equal(left ?? null, right ?? null);
    case "!=":
      return not(equal(left ?? null, right ?? null));
    case "===":
      return equal(left, right);
    case "!==":
      return not(equal(left, right));
    case "in":
      return Array.isArray(right)
        ? some(right, (item: unknown) => equal(left ?? null, item ?? null))
        : "unclear";
    default:
      return inOrder(by, left, right);
  }
}

function equal(left: unknown, right: unknown): Verdict {
  if (isMissing(left) || isMissing(right)) return left === right;
  if (typeof left !== typeof right || typeof left === "object") return "unclear";
  return left === right;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

function inOrder(by: Order, left: unknown, right: unknown): Verdict {
  if (typeof left === "number" && typeof right === "number") {
    return holds(by, left < right, left === right);
  }
  if (typeof left !== "string" || typeof right !== "string") return "unclear";
  return holds(by, left < right, left === right);
}

function holds(by: Order, isLess: boolean, isEqual: boolean): boolean {
  switch (by) {
    case "<":
      return isLess;
    case "<=":
      return isLess || isEqual;
    case ">":
      return !isLess && !isEqual;
    case ">=":
      return !isLess;
    default:
      return by satisfies never;
  }
}

function test(by: TextTest, left: unknown, right: unknown): Verdict {
  if (by === "contains" && Array.isArray(left)) {
    return some(left, (item: unknown) => equal(item, right));
  }
  if (typeof left !== "string" || typeof right !== "string") return "unclear";
  switch (by) {
    case "contains":
      return left.includes(right);
    case "startsWith":
      return left.startsWith(right);
    case "endsWith":
      return left.endsWith(right);
    default:
      return by satisfies never;
  }
}

function not(verdict: Verdict): Verdict {
  return verdict === "unclear" ? verdict : !verdict;
}

/** True where one is; else unclear where one is. */
function some<T>(items: readonly T[], judge: (item: T) => Verdict): Verdict {
  let verdict: Verdict = false;
  for (const item of items) {
    const one = judge(item);
    if (one === true) return true;
    if (one === "unclear") verdict = one;
  }
  return verdict;
}
