/** A clock that ends something once, and can be stopped for a while. @module */

/** Calls back once when its time has run, not counting the time it stood still. */
export class Deadline {
  #leftMs: number;
  #startedAt: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #holds = 0;

  /**
   * Begins to run at once.
   *
   * @param ms How long it runs.
   * @param onDue Called when it has run out.
   */
  constructor(ms: number, readonly onDue: () => void) {
    this.#leftMs = ms;
    this.#start();
  }

  /** Stops the clock; each hold needs its own release. */
  hold(): void {
    if (this.#holds++ > 0 || this.#startedAt === undefined) return;
    this.#leftMs -= performance.now() - this.#startedAt;
    this.#stop();
  }

  /** Lets the clock run on, once every hold is released. */
  release(): void {
    if (--this.#holds === 0) this.#start();
  }

  /** Ends it; `onDue` will not be called any more. */
  [Symbol.dispose](): void {
    this.#stop();
    this.#leftMs = Infinity;
  }

  #start(): void {
    if (this.#leftMs === Infinity) return;
    this.#startedAt = performance.now();
    this.#timer = setTimeout(this.onDue, Math.max(0, this.#leftMs));
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#startedAt = undefined;
  }
}
