/** What guest code may learn and change about stacks. @module */

import {
  arrayJoin,
  arrayPush,
  defineOwn,
  matches,
  stringIndexOf,
  stringSlice,
} from "./primordials.ts";

/** The file name guest code runs under: how its frames are told from others. */
export const scriptName = "script.ts";

/** Longest stack that is read, in characters. */
const maxStackLength = 65_536;
const frameStart = "\n    at ";
const guestPlace = new RegExp(`[ (]${scriptName}:\\d{1,7}:\\d{1,7}\\)?$`);

/**
 * Takes `Error.prepareStackTrace` out of the guest's hands. The runtime looks it
 * up on the realm's global `Error` and calls it with call sites whose methods
 * are functions of the outer realm: with one of these, code has left its realm.
 * So neither the property nor the global may be replaced.
 */
export function lockStackTraces(global: object): void {
  const NativeError = Error;
  defineOwn(NativeError, "prepareStackTrace", {
    get: () => undefined,
    set: () => {},
    enumerable: false,
    configurable: false,
  });
  defineOwn(global, "Error", {
    value: NativeError,
    writable: false,
    enumerable: false,
    configurable: false,
  });
}

/** The frames of a stack that lie in the guest's own code, each after a line break. */
export function guestFrames(stack: string): string {
  const text = stringSlice(stack, 0, maxStackLength);
  const kept: string[] = [];
  for (let from = stringIndexOf(text, frameStart, 0); from >= 0;) {
    const next = stringIndexOf(text, "\n", from + 1);
    const frame = stringSlice(text, from, next < 0 ? text.length : next);
    if (matches(guestPlace, frame)) arrayPush(kept, frame);
    from = next;
  }
  return arrayJoin(kept, "");
}
