/** Who asks. @module */

/** Somebody on whose behalf code runs: an API key, or `local` where there are none. */
export interface Principal {
  /** `sub` of receipts; owner of runs, memory and agents. */
  readonly name: string;
  /** Tools it may call at all, as globs. */
  readonly tools: readonly string[];
  /** Its agent that acts: memory, skills and SQL are then the agent's. @default {none: itself} */
  readonly agent?: string;
}

/** A principal by its name, with the rights of today; nobody, where its key is gone. */
export function principalOf(
  name: string,
  keys: readonly { readonly name: string; readonly tools: readonly string[] }[],
): Principal | undefined {
  if (name === localPrincipal.name) return localPrincipal;
  const key = keys.find((one) => one.name === name);
  return key && { name, tools: key.tools };
}

/** Whose memory code sees: an agent's own, else the principal's. Agents have no NUL in their names. */
export function memoryOwner({ name, agent }: Principal): string {
  return agent === undefined ? name : `${name}\u0000${agent}`;
}

/** The principal of a server without keys, and of its own command line. */
export const localPrincipal: Principal = { name: "local", tools: ["*"] };
