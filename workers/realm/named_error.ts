/** Errors that browsers tell apart by `name` alone: `DataCloneError`, `AbortError` … @module */

import { defineHidden } from "./primordials.ts";

const NativeError = Error;

/** An `Error` of the given name. */
export function namedError(name: string, message: string): Error {
  const error = new NativeError(message);
  defineHidden(error, "name", name);
  return error;
}
