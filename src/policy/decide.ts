/** Finds what the policy says about one call. @module */

import { matchesTool } from "../catalog/glob.ts";
import type { Tool } from "../catalog/tool.ts";
import type { PolicyRule } from "../config/config.ts";
import type { Json } from "../protocol/json.ts";
import { parseCondition } from "./condition.ts";
import type { Condition } from "./condition_tree.ts";
import { evaluateCondition } from "./evaluate_condition.ts";

/** A call, as rules see it. */
export interface PolicyCall {
  /** The tool that is to be called. */
  readonly tool: Tool;
  /** With which arguments. */
  readonly args: { readonly [name: string]: Json };
  /** Name of the principal. */
  readonly principal: string;
  /** The tools that have answered this run before. */
  readonly answered: readonly Tool[];
}

/** What is to become of a call, and by which rule. */
export interface Decision {
  /** `allow` where no rule matched. */
  readonly effect: PolicyRule["effect"];
  /** The rule that decided; absent where none matched. */
  readonly rule?: PolicyRule;
  /** Why, in words that may be shown to the code and to a person. */
  readonly reason: string;
}

/** Strictest first. */
const effects = ["deny", "ask", "simulate", "allow"] as const satisfies PolicyRule["effect"][];

/** Conditions as they were read; a rule never changes. */
const conditions = new WeakMap<PolicyRule, Condition>();

/**
 * The decision of the strictest rule that matches (`deny`, `ask`, `simulate`,
 * `allow`), of equally strict ones the first; without any, `allow`. A rule whose
 * condition cannot be judged (`"500"` is neither above nor below 100)
 * matches, unless it is an `allow`: in doubt a call is held up, not let through.
 *
 * @throws {AirlockError} `invalid_config` where a rule's condition cannot be read.
 */
export function decide(rules: readonly PolicyRule[], call: PolicyCall): Decision {
  const matching = rules.filter((rule) => matches(rule, call));
  for (const effect of effects) {
    const rule = matching.find((one) => one.effect === effect);
    if (rule !== undefined) return { effect, rule, reason: describeRule(rule) };
  }
  return { effect: "allow", reason: "no rule of the policy matches" };
}

function matches(rule: PolicyRule, call: PolicyCall): boolean {
  if (!matchesTool(rule.tool, call.tool)) return false;
  const { from } = rule;
  if (from !== undefined && !call.answered.some((tool) => matchesTool(from, tool))) return false;
  return rule.when === undefined || conditionHolds(rule, rule.when, call);
}

function conditionHolds(rule: PolicyRule, when: string, call: PolicyCall): boolean {
  const condition = conditions.get(rule) ?? parseCondition(when);
  conditions.set(rule, condition);
  const verdict = evaluateCondition(condition, {
    arguments: call.args,
    annotations: call.tool.annotations ?? {},
    tool: call.tool.name,
    principal: call.principal,
  });
  return verdict === "unclear" ? rule.effect !== "allow" : verdict;
}

function describeRule({ tool, effect, when, from }: PolicyRule): string {
  const condition = when === undefined ? "" : ` when ${when}`;
  const origin = from === undefined ? "" : ` after an answer of "${from}"`;
  return `the policy says ${effect} for "${tool}"${origin}${condition}`;
}
