/** Takes an agent's letters where this server has the agent, and waits where another has it. @module */

import type { Ownership } from "../storage/ownership.ts";
import { type ActorDeps, AgentActor } from "./agent_actor.ts";
import { type AgentId, ownerOf } from "./agent_name.ts";
import type { Also } from "./rows.ts";

/** How often another server's work is looked at, milliseconds. */
const pollMs = 500;

/** Works until there are no letters: whoever has the agent takes all of them. */
export async function workAsOwner(
  id: AgentId,
  deps: ActorDeps & { ownership?: Pick<Ownership, "claim"> },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const claim = await deps.ownership?.claim(["owner", "agent", ownerOf(id)]);
    if (claim?.type === "elsewhere") {
      await pause(signal);
      if (await deps.mailbox.first(id) === undefined) return;
      continue;
    }
    const fence: Also = (commit) => claim?.owned.fence(commit) ?? commit;
    try {
      return await new AgentActor(id, deps, { signal, fence }).work();
    } finally {
      await claim?.owned.release();
    }
  }
}

/** What a promise gives, or nothing after a while: then it is time to look what others did. */
export async function orPause<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  const enough = new AbortController();
  const paused = pause(AbortSignal.any([signal, enough.signal]));
  try {
    return await Promise.race([promise, paused]) ?? undefined;
  } finally {
    enough.abort();
    await paused;
  }
}

/** Waits; an abort ends the wait. */
async function pause(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = () => resolve();
  const timer = setTimeout(stop, pollMs);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
}
