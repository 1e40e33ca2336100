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

/** Whose memory code sees: an agent's own, else the principal's. Agents have no NUL in their names. */
export function memoryOwner({ name, agent }: Principal): string {
  return agent === undefined ? name : `${name}\u0000${agent}`;
}

/** The principal of a server without keys, and of its own command line. */
export const localPrincipal: Principal = { name: "local", tools: ["*"] };
