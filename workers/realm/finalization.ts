/** `FinalizationRegistry`: its callbacks come from the engine, and end with the run. @module */

import { apply, defineOwn } from "./primordials.ts";

/** What {@linkcode createFinalizationRegistry} needs. */
export interface FinalizationDeps {
  /** Whether the run is over: from then on nothing is called. */
  readonly isOver: () => boolean;
  /** Takes what a callback throws. */
  readonly onUncaught: (error: unknown) => void;
}

type Cleanup<Held> = (held: Held) => void;

const NativeTypeError = TypeError;
const NativeRegistry = FinalizationRegistry;

/**
 * The class guest code finds. The engine calls back between two messages, on a
 * turn that nobody waits for: unbounded, a callback would work on when the run
 * is long over, and what it throws would end the Worker in place of the run.
 */
export function createFinalizationRegistry(
  { isOver, onUncaught }: FinalizationDeps,
): FinalizationRegistryConstructor {
  const GuestRegistry = class<Held> extends NativeRegistry<Held> {
    constructor(cleanup: Cleanup<Held>) {
      if (typeof cleanup !== "function") {
        throw new NativeTypeError("FinalizationRegistry: cleanup must be callable");
      }
      super((held) => {
        if (isOver()) return;
        try {
          apply(cleanup, undefined, [held]);
        } catch (error) {
          onUncaught(error);
        }
      });
    }
  };
  defineOwn(GuestRegistry, "name", { value: "FinalizationRegistry", configurable: true });
  return GuestRegistry;
}
