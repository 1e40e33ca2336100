/** Tells an MCP client how far a run is. @module */

import type { ServerContext } from "@modelcontextprotocol/server";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Principal } from "../grants/principal.ts";
import type { RunEvent } from "../runs/report.ts";
import type { McpServerDeps } from "./mcp_server_deps.ts";
import { visibleLine } from "../prompts/visible_text.ts";

/** What {@linkcode followProgress} needs. */
export interface FollowOptions {
  deps: McpServerDeps;
  principal: Principal;
  /** The request that is told; without a progress token nothing is sent. */
  request: Pick<ServerContext["mcpReq"], "_meta" | "notify">;
  /** Ends it. */
  signal: AbortSignal;
  /** @default {Date.now} */
  now?: () => number;
}

/** Notifications that may go at once, and how many milliseconds each further one takes. */
const BURST = 200;
const REFILL_MS = 100;
/** How far a call moves the number where the code itself gave the last one. */
const HEARTBEAT = 1e-6;

/**
 * Sends a progress notification for each `progress` and `call` event of a run
 * until it ends or the signal fires. The numbers always grow, as MCP demands;
 * what a run reports faster than ten times a second is thinned out. Never
 * rejects: what fails here is told to `onError` and leaves the answer alone.
 */
export async function followProgress(id: string, options: FollowOptions): Promise<void> {
  const { deps, principal, request, signal, now = Date.now } = options;
  const progressToken = request._meta?.progressToken;
  if (progressToken === undefined) return;
  const startedAt = now();
  let sent = 0;
  let last = 0;
  try {
    for await (const event of await deps.runs.events(id, principal, 0, signal)) {
      const step = toProgress(event, last);
      if (step === undefined || sent >= BURST + (now() - startedAt) / REFILL_MS) continue;
      if (signal.aborted) return;
      last = step.progress;
      sent++;
      const params = { ...step, progressToken };
      await request.notify({ method: "notifications/progress", params });
    }
  } catch (error) {
    // The answer itself says what is wrong with the run.
    if (signal.aborted || error instanceof AirlockError) return;
    deps.onError?.(error instanceof Error ? error : new Error(String(error)));
  }
}

/** What an event says about progress, if anything. */
function toProgress(
  event: RunEvent,
  last: number,
): { progress: number; total?: number; message?: string } | undefined {
  switch (event.event) {
    case "progress": {
      const { done, total, text } = event.data;
      return {
        progress: done > last ? done : last + HEARTBEAT,
        ...total === undefined ? {} : { total },
        ...text === undefined ? {} : { message: visibleLine(text, 500) },
      };
    }
    case "call": {
      const { tool, status } = event.data;
      return { progress: last + HEARTBEAT, message: `${visibleLine(tool, 200)} ${status}` };
    }
    case "approval":
      return { progress: last + HEARTBEAT, message: "waits for an approval" };
    case "log":
    case "end":
      return undefined;
    default:
      return event satisfies never;
  }
}
