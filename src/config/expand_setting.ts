/** Expands one of Airlock's own settings. @module */

import type { Issue } from "../errors/airlock_error.ts";
import { createExpander } from "./expand_variables.ts";
import type { VariableSource } from "./expand_variables.ts";

/** Where settings get their variables, and where findings go. */
export interface SettingsContext {
  /** What `${…}` stands for. */
  variables: VariableSource;
  /** What is wrong: the configuration is refused. */
  issues: Issue[];
  /** What is worth knowing and stops nothing. */
  notes: Issue[];
}

/** A setting with its variables replaced; where one is not set that is an issue, and it is `undefined`. */
export function expandSetting(
  text: string,
  path: string,
  context: SettingsContext,
): string | undefined {
  const expander = createExpander(context.variables);
  const expanded = expander.expand(text);
  context.issues.push(...expander.problems.map((message) => ({ path, message })));
  return expander.problems.length === 0 ? expanded : undefined;
}
