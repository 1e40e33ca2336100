/** An agent as its owner sees it. @module */

import type { AgentDefinition } from "./agent_definition.ts";
import type { AgentId } from "./agent_name.ts";
import type { StoredAgent, Tally } from "./agent_store.ts";

/** An agent as it is shown. */
export interface AgentView extends AgentDefinition {
  /** Its name. */
  name: string;
  /** Whether it has work. */
  status: "asleep" | "active";
  /** How many messages its history has. */
  messages: number;
  /** When it last said or was told something. */
  lastActive?: string;
  /** ISO 8601. */
  createdAt: string;
  /** When its definition was last written, ISO 8601. */
  updatedAt: string;
}

/** Shows an agent. */
export function toView(
  { name }: AgentId,
  { definition, createdAt, updatedAt }: StoredAgent,
  { tally, isAwake }: { tally: Tally; isAwake: boolean },
): AgentView {
  const { messages, lastActive } = tally;
  return {
    name,
    ...definition,
    status: isAwake ? "active" : "asleep",
    messages,
    ...(lastActive !== undefined && { lastActive }),
    createdAt,
    updatedAt,
  };
}
