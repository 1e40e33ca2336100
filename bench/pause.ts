/** A wait between samples. @module */

/** Lets hosts become ready again: what is measured after it is a warm one. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
