/** `airlock approve`: lists the calls that wait for a person, or decides one. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import { cutText } from "../prompts/visible_text.ts";
import type { Approval } from "../runs/report.ts";
import { type Command, openOptions, withAirlock } from "./command.ts";
import { writeErrorLine, writeLine } from "./terminal.ts";

/** The command. */
export const approveCommand: Command = {
  usage: "[ID] [--deny] [--note TEXT]",
  summary: "lists the calls that wait for a person, or decides one",
  options: { deny: { type: "boolean" }, note: { type: "string" } },
  maxPositionals: 1,
  run: async (args, deps) => {
    const { terminal } = deps;
    const [id] = args.positionals;
    if (id === undefined && (args.has("deny") || args.has("note"))) {
      throw new AirlockError("usage", "Cannot decide: no approval was named");
    }
    return await withAirlock(openOptions(args), deps, async ({ airlock, principal }) => {
      if (id === undefined) {
        const waiting = await airlock.approvals.list(principal);
        for (const approval of waiting) writeLine(terminal, describe(approval));
        if (waiting.length === 0) writeErrorLine(terminal, "Nothing waits for approval");
        return 0;
      }
      const decision = args.has("deny") ? "deny" : "approve";
      const answer = { decision, note: args.value("note") } as const;
      const { tool, run } = await airlock.approvals.decide(id, answer, principal);
      writeLine(terminal, `${decision === "deny" ? "Denied" : "Approved"} ${tool} of ${run}`);
      return 0;
    });
  },
};

function describe({ id, run, tool, arguments: args, reason, at }: Approval): string {
  const shown = cutText(JSON.stringify(args), 2000);
  return `${id}  ${tool}(${shown})\n    ${run}, since ${at}: ${reason}`;
}
