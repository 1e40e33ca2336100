/** What happened in a run, told again from its report. @module */

import type { RunEvent, RunReport } from "./report.ts";

/** The events of a run that ended long ago, as far as its report tells them. */
export async function* replayEvents(
  report: RunReport,
  after: number,
): AsyncGenerator<RunEvent> {
  const events: RunEvent[] = [
    ...report.logs.map((data) => ({ id: 0, event: "log", data } as const)),
    ...report.calls.map((data) => ({ id: 0, event: "call", data } as const)),
    { id: 0, event: "end", data: report },
  ];
  for (const [index, event] of events.entries()) {
    if (index + 1 > after || event.event === "end") yield { ...event, id: index + 1 };
  }
}
