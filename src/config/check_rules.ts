/** Checks rules whose meaning other parts of the program know. @module */

import type { Issue } from "../errors/airlock_error.ts";
import type { Settings } from "./settings.ts";

/** Checks of what is read later, so that a mistake is found at the start. */
export interface RuleChecks {
  /** Says what is wrong with a condition of a policy rule. @default {nothing is} */
  checkWhen?: (text: string) => string | undefined;
  /** Says what is wrong with a pattern of a privacy rule. @default {nothing is} */
  checkPattern?: (text: string) => string | undefined;
}

/** What is wrong with the rules, each with its path. */
export function checkRules(settings: Settings, checks: RuleChecks): Issue[] {
  const { checkWhen = accept, checkPattern = accept } = checks;
  const { policy = [], privacy = [] } = settings;
  const found = [
    ...policy.map(({ when }, index) => ({
      path: `policy[${index}].when`,
      message: when === undefined ? undefined : checkWhen(when),
    })),
    ...privacy.flatMap(({ patterns }, rule) =>
      patterns.map((pattern, index) => ({
        path: `privacy[${rule}].patterns[${index}]`,
        message: checkPattern(pattern),
      }))
    ),
  ];
  return found.flatMap(({ path, message }) => message === undefined ? [] : { path, message });
}

function accept(): undefined {
  return undefined;
}
