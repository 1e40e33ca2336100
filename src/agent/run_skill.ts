/** Runs a skill: its code as a run of its own, within the rights of the run that calls it. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import type { Journals } from "../runs/run_journal.ts";
import type { RunService } from "../runs/run_service.ts";
import { Turns } from "../runs/turns.ts";
import type { RunSkill } from "../skills/skill_tools.ts";

/** How deep skills may call skills. */
const maxDepth = 4;
/** Skills that run at once, at each depth: those deeper never wait for those above. */
const atOnce = 8;

/** What {@linkcode createSkillRunner} needs. */
export interface SkillRunnerDeps {
  /** Runs code. */
  runs: () => Pick<RunService, "start" | "events" | "report" | "cancel">;
  /** Knows what the calling run may call. */
  journals: Pick<Journals, "load">;
}

/** Makes what runs skills. */
export function createSkillRunner({ runs, journals }: SkillRunnerDeps): RunSkill {
  const depths = new Map<string, number>();
  const turns = Array.from({ length: maxDepth }, () => new Turns(atOnce));
  return async ({ name, code }, { grant, args, seq }, signal) => {
    const depth = depths.get(grant.run) ?? 0;
    if (depth >= maxDepth) {
      const state = `skills call each other ${maxDepth} deep at the most`;
      throw new AirlockError("tool_failed", `Cannot call "skills.${name}": ${state}`);
    }
    const caller = await journals.load(grant.run);
    if (caller === undefined) {
      throw new AirlockError("tool_failed", `Cannot call "skills.${name}": its run is not durable`);
    }
    const request = { code, input: { ...args }, tools: caller.request.tools, durable: true };
    return await turns[depth].take(async () => {
      const service = runs();
      const key = `skill:${grant.run}:${seq}`;
      const options = { idempotencyKey: key, isNested: true };
      const { id } = await service.start(request, grant.principal, options);
      depths.set(id, depth + 1);
      const cancel = () => void service.cancel(id, grant.principal);
      signal.addEventListener("abort", cancel);
      if (signal.aborted) cancel();
      try {
        const { signal: never } = new AbortController();
        for await (const _event of await service.events(id, grant.principal, 0, never));
        const { status, result, error } = await service.report(id, grant.principal);
        if (status === "succeeded") return result ?? null;
        const place = error?.line === undefined ? "" : ` at line ${error.line}`;
        const message = `Skill "${name}" failed${place}: ${error?.message ?? status} (${id})`;
        throw new AirlockError("tool_failed", message);
      } finally {
        signal.removeEventListener("abort", cancel);
        depths.delete(id);
      }
    });
  };
}
