/** Ids of runs. @module */

/**
 * A new id: `run_`, the time in 9 characters, so that ids sort by age, and 128
 * random bits, so that none can be guessed.
 */
export function newRunId(now: number = Date.now()): string {
  const time = now.toString(36).padStart(9, "0");
  const random = crypto.getRandomValues(new Uint8Array(16));
  return `run_${time}${random.toHex()}`;
}
