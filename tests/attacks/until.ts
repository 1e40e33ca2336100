/** Waiting for a condition instead of a time. @module */

import { delay } from "./delay.ts";

/** How long a condition may take before a test gives up on it. */
const patienceMs = 15_000;

/** Resolves once a condition holds; gives what it held for. */
export async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const givenUpAt = performance.now() + patienceMs;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > givenUpAt) throw new Error(`waited in vain until ${what}`);
    await delay(20);
  }
}
