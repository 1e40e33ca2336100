/** The people behind runs: who is asked when a server wants to know something during a call. @module */

import { logger } from "../log/log.ts";
import type { Elicit, Elicitation, ElicitationAnswer } from "./elicitation.ts";

const log = logger("mcp");

/** Calls of one server that are under way. */
interface Calling {
  readonly run: string;
  /** Stops the deadline of the run while a person thinks; gives what lets it run on. */
  readonly hold: (() => () => void) | undefined;
}

/** Knows which runs have a person, and which calls are under way at each server. */
export class People {
  readonly #attended = new Map<string, Elicit>();
  readonly #calls = new Map<string, Set<Calling>>();

  /** Says who answers for a run, until it is disposed. */
  attend(run: string, elicit: Elicit): Disposable {
    this.#attended.set(run, elicit);
    return {
      [Symbol.dispose]: () => {
        if (this.#attended.get(run) === elicit) this.#attended.delete(run);
      },
    };
  }

  /** Notes that a run has a call under way at a server, until it is disposed. */
  calls(server: string, run: string, hold?: () => () => void): Disposable {
    const calling: Calling = { run, hold };
    const calls = this.#calls.get(server) ?? new Set();
    this.#calls.set(server, calls.add(calling));
    return { [Symbol.dispose]: () => void calls.delete(calling) };
  }

  /**
   * Asks the person behind the one run that has calls under way at the server. A question says
   * not which call it belongs to: where several runs could be meant, or nobody is there, it is
   * declined, and never answered by itself.
   */
  readonly ask: Elicit = async (question, signal) => {
    const calls = [...this.#calls.get(question.server) ?? []];
    const runs = new Set(calls.map(({ run }) => run));
    const [run] = runs;
    if (run === undefined) return decline(question, "no call of a run is under way");
    if (runs.size > 1) return decline(question, "calls of several runs are under way");
    const elicit = this.#attended.get(run);
    if (elicit === undefined) return decline(question, "nobody is there to answer");
    const releases = calls.map(({ hold }) => hold?.());
    try {
      return await elicit(question, signal);
    } finally {
      for (const release of releases) release?.();
    }
  };
}

function decline({ server }: Elicitation, reason: string): ElicitationAnswer {
  log.info("question declined", { server, reason });
  return { action: "decline" };
}
