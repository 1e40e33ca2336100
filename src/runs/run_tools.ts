/** What a run, or a call without code, may reach. @module */

import type { CallRecord, DispatchDeps } from "../bridge/dispatch.ts";
import type { Tool } from "../catalog/tool.ts";
import type { Json } from "../protocol/json.ts";
import type { GuestQuery, Namespace } from "../protocol/messages.ts";
import type { ReceiptAlso } from "../receipts/receipt_chain.ts";
import type { CheckResult } from "../typescript/check_code.ts";

/** What one run may reach, fixed when it begins. */
export interface RunTools {
  /** The names its code finds. */
  namespaces: Namespace[];
  /** Whether there is `sql()`. */
  hasSql: boolean;
  /** Checks its code before it runs; absent where nobody can. */
  check?(code: string, signal: AbortSignal): Promise<CheckResult>;
  /** Remembers that a tool has answered before the code was run again: rules with `from` see it. */
  noteAnswer(tool: string): void;
  /** Whether a person may be asked about a call of a tool that the code names. */
  mayAsk(code: string): boolean;
  /** How its calls are answered, but for what needs a person. */
  dispatch: Omit<DispatchDeps, "ask" | "record">;
  /** Appends the receipt of a call; what is added goes into the same commit. */
  record(record: CallRecord, also?: ReceiptAlso): Promise<void>;
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
