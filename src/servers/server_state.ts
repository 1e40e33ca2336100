/** How an upstream stands. @module */

import type { ToolChange } from "../catalog/pin_record.ts";
import type { QuarantinedTool } from "../catalog/tool.ts";

/** An item of `GET /v1/servers`. */
export interface ServerState {
  /** The key it was configured with. */
  name: string;
  /** Where it is on the way to being of use. */
  state: "ready" | "connecting" | "needs_auth" | "failed";
  /** Why, where it is not ready: a sentence, without secrets. */
  reason?: string;
  /** How it is reached in the end. */
  transport: "stdio" | "http" | "sse" | "openapi";
  /** The protocol revision in use, once connected. */
  era?: string;
  /** How many tools it brings. */
  tools: number;
  /** Tools that were listed and cannot be used. */
  quarantined: QuarantinedTool[];
  /** What happened to its tools since they were first seen, the latest last. @default {nothing} */
  changes?: ToolChange[];
}
