/** Reads where the model is. @module */

import { baseUrlSchema } from "./addresses.ts";
import type { ModelConfig } from "./config.ts";
import type { SettingsContext } from "./expand_setting.ts";
import { createExpander } from "./expand_variables.ts";
import type { Settings } from "./settings.ts";

/**
 * The model: what the environment says, else what the settings say. A field
 * whose variable is not set is left out, since a model is not needed to run
 * code.
 */
export function readModel(
  model: Settings["model"] = {},
  fromEnvironment: ModelConfig,
  context: SettingsContext,
): ModelConfig {
  const field = (name: "baseUrl" | "apiKey" | "model"): string | undefined => {
    const set = fromEnvironment[name];
    return set ?? expandField(model[name], `model.${name}`, context);
  };
  const baseUrl = field("baseUrl");
  if (baseUrl !== undefined && !baseUrlSchema.safeParse(baseUrl).success) {
    context.issues.push({ path: "model.baseUrl", message: "must be an http or https URL" });
  }
  return { baseUrl, apiKey: field("apiKey"), model: field("model"), api: model.api };
}

function expandField(
  text: string | undefined,
  path: string,
  context: SettingsContext,
): string | undefined {
  if (text === undefined) return undefined;
  const expander = createExpander(context.variables);
  const expanded = expander.expand(text);
  context.notes.push(...expander.problems.map((message) => ({ path, message })));
  return expander.problems.length === 0 && expanded !== "" ? expanded : undefined;
}
