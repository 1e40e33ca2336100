/** Finds a call under way again, for clients of the 2025 era whose cancellation arrives in a request of its own. @module */

/** The calls of one client. */
export interface CallScope {
  /** A signal that fires when the call is cancelled; dispose it when the call is over. */
  open(requestId: string | number): Disposable & { readonly signal: AbortSignal };
  /** Cancels a call; an unknown id is nothing. */
  cancel(requestId: string | number): void;
}

/** Calls under way, by who asked: the principal, its client's session id, and the id of the request. */
export class OpenCalls {
  readonly #calls = new Map<string, AbortController>();

  /** The calls of one client of a principal. */
  scope(principal: string, session: string): CallScope {
    const keyOf = (requestId: string | number) => JSON.stringify([principal, session, requestId]);
    return {
      open: (requestId) => this.#open(keyOf(requestId)),
      cancel: (requestId) => this.#calls.get(keyOf(requestId))?.abort(),
    };
  }

  #open(key: string): Disposable & { readonly signal: AbortSignal } {
    const controller = new AbortController();
    this.#calls.set(key, controller);
    return {
      signal: controller.signal,
      [Symbol.dispose]: () => {
        // A client that used its id twice has a newer call here.
        if (this.#calls.get(key) === controller) this.#calls.delete(key);
      },
    };
  }
}
