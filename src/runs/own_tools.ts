/** Tools of Airlock itself: `memory.*` for everybody, further ones for agents. @module */

import type { Tool } from "../catalog/tool.ts";
import type { Principal } from "../grants/principal.ts";
import type { InvokeTool } from "../grants/signed_call.ts";
import { Turns } from "./turns.ts";

/** One part of Airlock that has tools. */
export interface OwnTools {
  /** Its server: what stands before the dot. */
  readonly server: string;
  /** What a principal may see of it. */
  tools(principal: Principal): readonly Tool[] | Promise<readonly Tool[]>;
  /** Answers calls of them. */
  readonly invoke: InvokeTool;
  /** Calls of it run code, and wait for it: they take no turn. @default {false} */
  readonly runsCode?: boolean;
}

/** Calls of own tools at once: they wait for the same disk, and each holds its value a few times. */
const ownAtOnce = 4;

/** Tools that the code of agents has, and no other. */
export function toolsOfAgents(tools: readonly Tool[]): OwnTools["tools"] {
  return ({ agent }) => agent === undefined ? [] : tools;
}

/** All own tools that a principal may see. */
export async function ownToolsOf(
  parts: readonly OwnTools[],
  principal: Principal,
): Promise<readonly Tool[]> {
  const tools = await Promise.all(parts.map((part) => part.tools(principal)));
  return tools.flat();
}

/**
 * Airlock's own tools are answered here, all others at their server. No server that is configured
 * has the name of an own one: the catalog gives such a name a `_` behind it.
 */
export function routeCalls(parts: readonly OwnTools[], upstream: InvokeTool): InvokeTool {
  const turns = new Turns(ownAtOnce);
  const byServer = new Map(parts.map((part) => [part.server, part]));
  return (call, options) => {
    const { server, namespace } = call.grant.tool;
    const own = server === namespace ? byServer.get(namespace) : undefined;
    if (own === undefined) return upstream(call, options);
    if (own.runsCode === true) return own.invoke(call, options);
    return turns.take(() => own.invoke(call, options));
  };
}
