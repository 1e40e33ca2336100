/** What a model that reads the error could do instead. @module */

import { absentGlobalHint } from "../errors/absent_globals.ts";
import { nearestName } from "../errors/nearest_name.ts";
import type { Namespace } from "../protocol/messages.ts";

/** What is known of a failure. */
export interface Failure {
  /** Name of what was thrown. */
  name: string;
  /** Its message. */
  message: string;
}

/** Globals of the platform, which a wrong name may have meant. */
const globals = ["tools", "memory", "skills", "input", "sleep", "progress", "emit", "console"];

/** A hint for an error of guest code, where there is one worth giving. */
export function errorHint(failure: Failure, namespaces: readonly Namespace[]): string | undefined {
  const missing = /^(\S{1,64}) is not defined$/.exec(failure.message)?.[1];
  if (failure.name === "ReferenceError" && missing !== undefined) {
    const instead = absentGlobalHint(missing);
    if (instead !== undefined) return instead;
    const known = [...namespaces.map(({ name }) => name), ...globals];
    const nearest = nearestName(missing, known);
    return nearest === undefined ? undefined : `Did you mean "${nearest}"?`;
  }
  if (failure.message.startsWith("A dynamic import callback was not specified")) {
    return "import() is not available in the sandbox: tools are globals";
  }
  if (failure.name === "EvalError") return absentGlobalHint("eval");
  return undefined;
}
