/** Decides whether a run may make a call: the one place where grants come from. @module */

import { matchesGlob } from "../catalog/glob.ts";
import type { Tool } from "../catalog/tool.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import { nearestName } from "../errors/nearest_name.ts";
import { hashJson } from "../hashing/hash_json.ts";
import type { Decision } from "../policy/decide.ts";
import { mayCall, type RunGrants } from "./run_grants.ts";
import { type Grant, makeGrant, type ToolCall } from "./signed_call.ts";

/** What came of a call that was not refused. */
export type Authorization =
  | { readonly type: "granted"; readonly grant: Grant }
  | {
    readonly type: "ask";
    /** The tool that is to be called. */
    readonly tool: Tool;
    /** Why a person is to decide. */
    readonly reason: string;
    /**
     * Makes the grant, once a person has approved.
     *
     * @throws {AirlockError} `tool_denied` where the policy has come to deny the call, or the tool
     * was changed meanwhile.
     */
    approve(): Grant;
  };

/** Names of guests are shown no longer than this. */
const maxShownName = 128;

/**
 * Authorizes a call against what its run may call and against the policy as it is now.
 *
 * A name that the key's globs do not cover is `tool_denied`, the same whether or not such a
 * tool exists, so that no key can find out what others have.
 *
 * @throws {AirlockError} `tool_unknown` with the nearest name it may call, or `tool_denied`.
 */
export function authorize(call: ToolCall, grants: RunGrants): Authorization {
  const tool = findTool(call.tool, grants);
  refuseBlocked(tool, grants);
  const decision = grants.decide(tool, call.args);
  switch (decision.effect) {
    case "allow":
    case "simulate":
      return { type: "granted", grant: grantFor(tool, grants, decision) };
    case "ask":
      return {
        type: "ask",
        tool,
        reason: decision.reason,
        approve: () => {
          refuseBlocked(tool, grants);
          return grantFor(tool, grants, grants.decide(tool, call.args));
        },
      };
    case "deny":
      throw denied(tool, decision);
    default:
      return decision.effect satisfies never;
  }
}

function findTool(name: string, grants: RunGrants): Tool {
  const tool = grants.find(name);
  const shown = name.slice(0, maxShownName);
  if (tool === undefined ? !isCovered(name, grants) : !mayCall(grants.principal, tool)) {
    throw refuse("tool_denied", `Cannot call "${shown}": the key does not cover it`, name, grants);
  }
  if (tool === undefined) {
    throw refuse("tool_unknown", `Cannot call "${shown}": there is no such tool`, name, grants);
  }
  if (!grants.covers(tool)) {
    const message = `Cannot call "${shown}": it is not among the tools of this run`;
    throw new AirlockError("tool_denied", message);
  }
  return tool;
}

function refuseBlocked(tool: Tool, grants: RunGrants): void {
  const reason = grants.blockedReason(tool);
  if (reason === undefined) return;
  throw new AirlockError("tool_denied", `Cannot call "${tool.name}": ${reason}`, {
    hint: `A person sees the change and accepts it with: airlock accept ${tool.name}`,
  });
}

function isCovered(name: string, grants: RunGrants): boolean {
  return grants.principal.tools.some((glob) => matchesGlob(glob, name));
}

function refuse(
  code: "tool_denied" | "tool_unknown",
  message: string,
  name: string,
  grants: RunGrants,
): AirlockError {
  const near = nearestName(name, grants.tools().map((tool) => tool.name));
  return new AirlockError(code, message, {
    hint: near === undefined ? undefined : `Perhaps "${near}" was meant`,
  });
}

/** The same run gets the same id for the same tool, also after it was interrupted and went on. */
function grantFor(tool: Tool, grants: RunGrants, decision: Decision): Grant {
  if (decision.effect === "deny") throw denied(tool, decision);
  const { run, principal } = grants;
  const simulated = decision.effect === "simulate";
  const hash = hashJson([run, principal.name, tool.name, tool.hash, simulated]);
  return makeGrant({ id: `grt_${hash.slice(0, 22)}`, run, principal, tool, simulated });
}

function denied(tool: Tool, { reason }: Decision): AirlockError {
  return new AirlockError("tool_denied", `Cannot call "${tool.name}": ${reason}`);
}
