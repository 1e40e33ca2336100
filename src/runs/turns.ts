/** So many at a time, the others in the order they came. @module */

/** Hands out turns. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /**
   * With all turns free.
   *
   * @param atOnce How many there are.
   */
  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Acts once there is a turn, and gives it back when that has ended, however it did. */
  async take<T>(act: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await act();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
