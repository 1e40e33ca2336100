/** `ToolError`: what a failing tool throws in guest code. @module */

import type { ToolFault } from "../../src/protocol/messages.ts";
import { defineProperty, weakMapGet, weakMapSet } from "./primordials.ts";

/** The faults behind genuine errors; what the code made up itself is not among them. */
const faults = new WeakMap<object, ToolFault>();

/** Thrown by a tool that failed, was denied or does not exist. */
export class ToolError extends Error {
  override readonly name = "ToolError";
  /** The tool that was called. */
  readonly tool?: string;
  /** `tool_failed`, `tool_denied` … */
  readonly code?: string;
  /** What could be done instead. */
  readonly hint?: string;

  constructor(message?: string, options: ErrorOptions & Partial<ToolFault> = {}) {
    super(message, options);
    const { tool, code, hint } = options;
    if (tool !== undefined) this.tool = tool;
    if (code !== undefined) this.code = code;
    if (hint !== undefined) this.hint = hint;
  }
}

/** Makes the error of a fault that came from the server, as if thrown at `site`. */
export function toToolError(fault: ToolFault, site: Error): ToolError {
  const error = new ToolError(fault.message, fault);
  const frames = framesOf(site);
  defineProperty(error, "stack", {
    value: `ToolError: ${fault.message}${frames}`,
    writable: true,
    configurable: true,
    enumerable: false,
  });
  weakMapSet(faults, error, fault);
  return error;
}

/** The fault behind a genuine error of a tool. */
export function faultOf(error: unknown): ToolFault | undefined {
  return typeof error === "object" && error !== null ? weakMapGet(faults, error) : undefined;
}

/** The lines of a stack that name places, from the first on; empty where there are none. */
function framesOf(site: Error): string {
  const stack: unknown = site.stack;
  if (typeof stack !== "string") return "";
  const first = stack.indexOf("\n    at ");
  return first < 0 ? "" : stack.slice(first);
}
