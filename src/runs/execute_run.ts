/** Carries out one run: its place, its tools, the goes at its code. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import { logger } from "../log/log.ts";
import type { Place } from "./admission.ts";
import { Execution } from "./execution.ts";
import type { RunEnding } from "./report.ts";
import { type AcceptedRun, type ExecuteRunDeps, isLeftForLater } from "./accepted_run.ts";
import type { RunJournal } from "./run_journal.ts";
import type { RunTools } from "./run_tools.ts";

const log = logger("runs");

/**
 * Carries a run out. Never rejects: whatever goes wrong is the run's ending.
 *
 * @returns `undefined` where a durable run is left as it is, for the next server.
 */
export async function executeRun(
  run: AcceptedRun,
  deps: ExecuteRunDeps,
): Promise<RunEnding | undefined> {
  const takenInAt = performance.now();
  let place: Place | undefined;
  try {
    place = await run.place;
    run.record.usage.queueMs = tenths(performance.now() - takenInAt);
    run.record.begins();
    await deps.awaitTools?.(run.request.code, run.signal);
    return await runUntilEnd(run, deps, {
      leave: () => place?.[Symbol.dispose](),
      enter: async () => {
        place = undefined;
        place = await run.enter();
      },
    });
  } catch (error) {
    return isLeftForLater(run) ? undefined : failedEnding(error, run.signal);
  } finally {
    place?.[Symbol.dispose]();
  }
}

/** Runs the code, again and again where it waits for people or its host dies, until it has ended. */
async function runUntilEnd(
  run: AcceptedRun,
  deps: ExecuteRunDeps,
  place: { leave(): void; enter(): Promise<void> },
): Promise<RunEnding | undefined> {
  const { record, principal, request, signal } = run;
  let crashes = 0;
  for (let goes = 0;; goes++) {
    const tools = await deps.openTools(record.id, principal, request.tools ?? ["*"]);
    const journal = await openJournal(run, tools, deps);
    const isChecked = goes > 0 || run.durable !== undefined;
    const execution = new Execution(run, { deps, tools, journal, isChecked });
    const ending = await execution.execute();
    if (isLeftForLater(run) && journal !== undefined) return undefined;
    const hasCrashed = ending !== "suspended" && ending.error?.code === "sandbox_crashed";
    const mayTryAgain = hasCrashed && journal !== undefined && ++crashes < maxCrashes;
    if (ending !== "suspended" && !mayTryAgain) return ending;
    if (ending === "suspended") {
      place.leave();
      await execution.resumed(signal);
      if (signal.aborted) return isLeftForLater(run) ? undefined : cancelledEnding;
      await place.enter();
    }
    record.rewind();
  }
}

/** The record of a durable run; a run that may ask a person is one by itself. */
async function openJournal(
  run: AcceptedRun,
  tools: RunTools,
  { journals }: ExecuteRunDeps,
): Promise<RunJournal | undefined> {
  const { record, request, limits, principal } = run;
  const isDurable = run.durable !== undefined || request.durable === true ||
    tools.mayAsk(request.code);
  if (!isDurable || journals === undefined) return undefined;
  if (run.durable === undefined) {
    const seed = crypto.getRandomValues(new Uint8Array(16)).toHex();
    run.durable = { at: Date.now(), seed };
    const { agent } = principal;
    const start = run.durable;
    await journals.save(record.id, {
      request,
      limits,
      start,
      ...(agent !== undefined && { agent }),
    });
  }
  return await journals.open(record.id, run.durable);
}

/** How often the host of a durable run may die before that is the run's end. */
const maxCrashes = 3;

const cancelledEnding: RunEnding = {
  status: "cancelled",
  error: { code: "cancelled", message: "The run was cancelled" },
};

/** The ending of a run whose code never began. */
function failedEnding(error: unknown, signal: AbortSignal): RunEnding {
  if (signal.aborted) {
    return cancelledEnding;
  }
  log.error("run failed unexpectedly", { error });
  const message = error instanceof AirlockError
    ? error.message
    : "Cannot run the code: internal error";
  return { status: "failed", error: { code: "sandbox_crashed", message } };
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
