/** What a run, or a call without code, may reach. @module */

import type { DispatchDeps } from "../bridge/dispatch.ts";
import type { Tool } from "../catalog/tool.ts";
import type { Json } from "../protocol/json.ts";
import type { GuestQuery, Namespace } from "../protocol/messages.ts";
import type { CheckResult } from "../typescript/check_code.ts";

/** What one run may reach, fixed when it begins. */
export interface RunTools {
  /** The names its code finds. */
  namespaces: Namespace[];
  /** Whether there is `sql()`. */
  hasSql: boolean;
  /** Checks its code before it runs; absent where nobody can. */
  check?(code: string, signal: AbortSignal): Promise<CheckResult>;
  /** How its calls are answered, but for what needs a person. */
  dispatch: Omit<DispatchDeps, "ask">;
  /**
   * Answers a question about tools.
   *
   * @throws {AirlockError} `invalid_arguments` or `tool_unknown`.
   */
  query(query: GuestQuery, args: Json, signal: AbortSignal): Promise<Json>;
}

/** What a call without code may reach, and what its client did before. */
export interface DirectReach {
  /** Tools beside those of the catalog. */
  tools: readonly Tool[];
  /** Tools that have answered this client before: rules with `from` see them. Is added to. */
  answered: Map<string, Tool>;
}
