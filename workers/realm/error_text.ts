/** Errors as text, with the frames that mean something to who wrote the code. @module */

import { classNameOf, textOf } from "./object_kinds.ts";
import { apply, getOwnPropertyDescriptor, stringIndexOf } from "./primordials.ts";
import { guestFrames } from "./stack_traces.ts";

const nativeStack = getOwnPropertyDescriptor(new Error(), "stack");

/** Name and message of an error, with the frames of the guest's code. */
export function errorText(error: object): string {
  const stack = ownStack(error);
  const frames = guestFrames(stack);
  const isCustom = frames === "" && stack !== "" && stringIndexOf(stack, "\n    at ") < 0;
  return isCustom ? stack : errorTitle(error) + frames;
}

/** The stack, as long as reading it runs no code of the guest. */
function ownStack(error: object): string {
  const own = getOwnPropertyDescriptor(error, "stack");
  const getter = own?.get;
  const isNative = getter !== undefined && getter === nativeStack?.get;
  const stack: unknown = isNative ? apply(getter, error, []) : own?.value;
  return typeof stack === "string" ? stack : "";
}

function errorTitle(error: object): string {
  const name = textOf(error, "name") ?? "Error";
  const message = textOf(error, "message") ?? "";
  const title = name === "Error" ? classNameOf(error) ?? name : name;
  return message === "" ? title : `${title}: ${message}`;
}
