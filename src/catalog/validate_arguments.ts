/** Holds the arguments of a call against the schema of its tool. @module */

import { validate } from "@cfworker/json-schema";
import type { Issue } from "../errors/airlock_error.ts";
import type { Json } from "../protocol/json.ts";
import { type BoundedSchema, boundSchema } from "./bounded_schema.ts";
import { explainErrors } from "./explain_errors.ts";
import type { Tool } from "./tool.ts";

const maxWeight = 100_000;
const maxMs = 100;

/**
 * What is wrong with the arguments of a tool; empty where nothing is. Drafts 4
 * to 2020-12; nothing is coerced, nothing fetched.
 *
 * It spares code a round trip and is no boundary: formats, `uniqueItems`,
 * patterns that may take more than linear time, foreign references, and
 * whatever takes too long to check are left to the server of the tool. It
 * throws for no schema and no arguments.
 */
export function validateArguments(
  tool: Tool,
  args: { readonly [name: string]: Json },
): Issue[] {
  try {
    return checkerOf(tool).check(args);
  } catch (error) {
    // A spent budget, or more recursion than the stack holds.
    if (error instanceof Error) return [];
    throw error;
  }
}

const checkers = new WeakMap<Tool, ArgumentChecker>();

function checkerOf(tool: Tool): ArgumentChecker {
  let checker = checkers.get(tool);
  if (checker === undefined) {
    checker = new ArgumentChecker(tool);
    checkers.set(tool, checker);
  }
  return checker;
}

/** A tool's schema with a meter: the validator cannot go on past its budget. */
class ArgumentChecker {
  readonly #bounded: BoundedSchema;
  #weightLeft = 0;
  #deadline = 0;

  constructor(tool: Tool) {
    this.#bounded = boundSchema(tool.inputSchema, (weight) => this.#spend(weight));
  }

  check(args: { readonly [name: string]: Json }): Issue[] {
    this.#weightLeft = maxWeight;
    this.#deadline = performance.now() + maxMs;
    const { schema, draft, lookup } = this.#bounded;
    const { valid, errors } = validate(args, schema, draft, lookup, false);
    return valid ? [] : explainErrors(errors, args, this.#bounded);
  }

  #spend(weight: number): void {
    this.#weightLeft -= weight;
    if (this.#weightLeft < 0 || performance.now() > this.#deadline) {
      throw new RangeError("Cannot check the arguments: it takes too long");
    }
  }
}
