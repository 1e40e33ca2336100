/** What Airlock as an MCP server needs from the rest. @module */

import type { People } from "../mcp/people.ts";
import type { ApprovalService, RunService } from "../runs/run_service.ts";
import type { InstructionsDeps } from "../prompts/instructions.ts";

/** What {@linkcode createMcpServer} needs; local or behind HTTP alike. */
export interface McpServerDeps extends InstructionsDeps {
  /** Runs code. */
  readonly runs: RunService;
  /** What waits for a person, so that the one behind the client can be asked. @default {nobody is} */
  readonly approvals?: ApprovalService;
  /** Who answers what servers ask during a run. @default {nobody does} */
  readonly people?: Pick<People, "attend">;
  /** How a person logs in to a server. @default {not by way of a client} */
  readonly logins?: {
    /** Begins a login; gives the page to open. */
    begin(server: string): Promise<{ url: string }>;
    /** Resolves when the server wants no login any more, or the signal fires. */
    done(server: string, signal: AbortSignal): Promise<void>;
  };
  /** Airlock's own version. */
  readonly version: string;
  /** How long `execute` and `wait` hold a request open before they answer with the state, milliseconds. */
  readonly defaultWaitMs: number;
  /** Told of what went wrong beside an answer. @default {nothing is told} */
  onError?(error: Error): void;
}
