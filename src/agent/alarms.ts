/** Due schedules on their way to their agents: a row with the commit that fires, a letter after it. @module */

import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import { logger } from "../log/log.ts";
import type { DueSchedule, FireSchedule, Schedules } from "../schedules/schedules.ts";
import { type AgentId, parseOwner } from "./agent_name.ts";
import type { Also } from "./rows.ts";

const log = logger("agent");

const keys = {
  alarm: (owner: string, key: string) => ["agent_alarm", owner, key],
  all: ["agent_alarm"],
};

const dueSchema: z.ZodType<DueSchedule> = z.object({
  id: z.string(),
  key: z.string(),
  message: z.string(),
  due: z.string(),
  late: z.boolean(),
  missed: z.number(),
});

/** Goes into the commit that moves a schedule on: from then on the alarm cannot be lost. */
const keepAlarm: FireSchedule = (owner, due) => (commit) =>
  commit.set(keys.alarm(owner, due.key), { ...due });

/** Puts a letter in; the same key is the same letter. */
export type PostAlarm = (
  id: AgentId,
  content: string,
  options: { key: string; also: Also },
) => Promise<unknown>;

/** Makes a letter of an alarm; its row goes with the same commit. Never rejects: the row stays. */
async function deliverAlarm(
  kv: Deno.Kv,
  owner: string,
  due: DueSchedule,
  post: PostAlarm,
): Promise<void> {
  const row = keys.alarm(owner, due.key);
  const id = parseOwner(owner);
  try {
    if (id === undefined) return await kv.delete(row);
    await post(id, alarmText(due), {
      key: `alarm:${due.key}`,
      also: (commit) => commit.delete(row),
    });
    // Where the letter was in before, only the row is left.
    await kv.delete(row);
  } catch (error) {
    if (error instanceof AirlockError && error.code === "not_found") return await kv.delete(row);
    log.error("alarm not delivered", { schedule: due.id, error });
  }
}

/** Delivers what an earlier server left, and from then on what is due. */
export async function startAlarms(
  { kv, schedules }: { kv: Deno.Kv; schedules?: Pick<Schedules, "start"> },
  post: PostAlarm,
): Promise<void> {
  for await (const { key, value } of kv.list({ prefix: keys.all })) {
    const due = dueSchema.safeParse(value).data;
    const owner = z.string().parse(key[1]);
    if (due !== undefined) await deliverAlarm(kv, owner, due, post);
  }
  schedules?.start(keepAlarm, (owner, due) => void deliverAlarm(kv, owner, due, post));
}

/** What the agent is told; where it comes late, that too. */
function alarmText({ message, due, late, missed }: DueSchedule): string {
  if (!late && missed === 0) return message;
  const others = missed === 0 ? "" : ` ${missed} further times were missed meanwhile.`;
  return `${message}\n\n[This alarm was due at ${due} and comes late.${others}]`;
}
