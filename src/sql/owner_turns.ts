/** One at a time for each owner, in the order they came. @module */

/** Hands out turns. */
export class OwnerTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Acts once all earlier acts of this owner have ended, however they did. */
  take<T>(owner: string, act: () => Promise<T>): Promise<T> {
    const before = this.#last.get(owner) ?? Promise.resolve();
    const result = before.then(act);
    const turn = result.then(() => undefined, () => undefined).then(() => {
      if (this.#last.get(owner) === turn) this.#last.delete(owner);
    });
    this.#last.set(owner, turn);
    return result;
  }
}
