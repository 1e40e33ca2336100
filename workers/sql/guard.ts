/** Asks about every action while statements of a stranger are read and run. @module */

import type { DatabaseSync } from "node:sqlite";
import { changedTable, refusalOf } from "./authorize_action.ts";

/** SQLite's answers to an action. */
const verdicts = { ok: 0, deny: 1 };

/** The guard of one database. Our own statements pass. */
export class Guard {
  #changed: Set<string> | undefined;
  #refusal: string | undefined;

  /** Stands before a database from now on. */
  constructor(db: DatabaseSync) {
    db.setAuthorizer((code, first, second) => this.#authorize(code, first, second));
  }

  /** Why SQLite refused what was run last; `undefined` where it was not this guard. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** Runs a stranger's statement. Adds the tables whose rows it may change. */
  watch<T>(changed: Set<string>, act: () => T): T {
    this.#refusal = undefined;
    this.#changed = changed;
    try {
      return act();
    } finally {
      this.#changed = undefined;
    }
  }

  #authorize(code: number, first: string | null, second: string | null): number {
    if (this.#changed === undefined) return verdicts.ok;
    const action = { code, first, second };
    const table = changedTable(action);
    if (table !== undefined) this.#changed.add(table);
    const refusal = refusalOf(action);
    this.#refusal ??= refusal;
    return refusal === undefined ? verdicts.ok : verdicts.deny;
  }
}
