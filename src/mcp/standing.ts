/** How a server stands, and the wait until that is known. @module */

import type { ServerState } from "../servers/server_state.ts";

type State = ServerState["state"];

/** Where a server is on the way to being of use, and why. */
export class Standing {
  #state: State = "connecting";
  #reason?: string;
  #settled = Promise.withResolvers<void>();
  #changed = Promise.withResolvers<void>();

  /** Where it is. */
  get state(): State {
    return this.#state;
  }

  /** Why, where it is not ready; fit to be shown. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Resolves when it does not connect any more, however that ended. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** Resolves when that is different. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  /** It came to where it is. */
  settle(state: Exclude<State, "connecting">, reason: string | undefined): void {
    this.#state = state;
    this.#reason = reason;
    this.#settled.resolve();
    this.#tell();
  }

  /** It connects, for a reason where it did before. */
  unsettle(reason: string | undefined): void {
    this.#state = "connecting";
    this.#reason = reason;
    this.#settled = Promise.withResolvers();
    this.#tell();
  }

  /** Lets go whoever waits, though nothing was reached. */
  release(): void {
    this.#settled.resolve();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
