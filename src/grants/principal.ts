/** Who asks. @module */

/** Somebody on whose behalf code runs: an API key, or `local` where there are none. */
export interface Principal {
  /** `sub` of receipts; owner of runs, memory and agents. */
  readonly name: string;
  /** Tools it may call at all, as globs. */
  readonly tools: readonly string[];
}

/** The principal of a server without keys, and of its own command line. */
export const localPrincipal: Principal = { name: "local", tools: ["*"] };
