/** How the call of a durable run goes on record. @module */

import type { DispatchDeps } from "../bridge/dispatch.ts";
import type { Tool } from "../catalog/tool.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Recording } from "./recording.ts";
import type { JournalPlace } from "./run_journal.ts";
import type { RunTools } from "./run_tools.ts";
import { toSandboxAnswer } from "./to_sandbox_answer.ts";

/** How a call goes on record: its intent before it leaves, its answer with its receipt. */
export function recordedDispatch(
  tools: RunTools,
  { place, recording }: { place: JournalPlace; recording: Pick<Recording, "assertCounts"> },
): Pick<DispatchDeps, "invoke" | "record"> {
  return {
    async invoke(signed, options) {
      const { tool } = signed.grant;
      if (place.wasBegun && !mayRepeat(tool)) throw unknownOutcome(tool.name);
      await place.begin();
      return await tools.dispatch.invoke(signed, options);
    },
    async record(made, answer) {
      await recording.assertCounts();
      const { outcome, ms } = made;
      const also = await place.prepare({
        answer: toSandboxAnswer(answer),
        outcome,
        ms: Math.round(ms * 10) / 10,
      });
      await tools.record(made, also);
    },
  };
}

/** Whether a call that may have been made may be made again. */
function mayRepeat({ annotations }: Tool): boolean {
  return annotations?.readOnlyHint === true || annotations?.idempotentHint === true;
}

function unknownOutcome(tool: string): AirlockError {
  const message = `Cannot tell what became of "${tool}": the server ended during the call`;
  return new AirlockError("outcome_unknown", message);
}
