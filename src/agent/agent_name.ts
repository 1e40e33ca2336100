/** Whose an agent is, and what it is called. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import { memoryOwner } from "../grants/principal.ts";

/** An agent of a principal. */
export interface AgentId {
  /** Name of the principal. */
  readonly principal: string;
  /** Its own name. */
  readonly name: string;
}

const namePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
const maxShownName = 64;

/**
 * The name of an agent as it stands in a path.
 *
 * @throws {AirlockError} `invalid_request` where nothing can have that name.
 */
export function parseAgentName(name: string): string {
  if (namePattern.test(name)) return name;
  const message = "must be 1 to 63 lower-case letters, digits or hyphens, and not begin with one";
  const shown = JSON.stringify(name.slice(0, maxShownName));
  throw new AirlockError(
    "invalid_request",
    `Cannot use ${shown} as an agent: its name ${message}`,
    {
      issues: [{ path: "name", message }],
    },
  );
}

/** Under which owner all that an agent keeps lies. */
export function ownerOf({ principal, name }: AgentId): string {
  return memoryOwner({ name: principal, tools: [], agent: name });
}

/** The agent whose things lie under an owner; nothing where it is a principal's own. */
export function parseOwner(owner: string): AgentId | undefined {
  const [principal, name, ...rest] = owner.split("\u0000");
  return name === undefined || rest.length > 0 ? undefined : { principal, name };
}

/** `not_found`, the same for what belongs to another principal. */
export function noSuchAgent({ name }: AgentId): AirlockError {
  return new AirlockError("not_found", `Cannot find agent "${name}": it does not exist`);
}
