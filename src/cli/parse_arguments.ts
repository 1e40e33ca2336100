/** Reads the words after a command, strictly. @module */

import { parseArgs } from "node:util";
import { AirlockError } from "../errors/airlock_error.ts";
import { nearestName } from "../errors/nearest_name.ts";

/** One option of a command. */
export interface OptionSpec {
  /** Whether it takes a value. */
  type: "string" | "boolean";
  /** It may be given several times. @default {false} */
  multiple?: boolean;
}

/** Options by name, without the dashes. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** What was given to a command. */
export interface ParsedArguments {
  /** Words that are no options. */
  positionals: string[];
  /** Whether a boolean option was given. */
  has(name: string): boolean;
  /** The value of an option, the last one where it was given several times. */
  value(name: string): string | undefined;
  /** Every value of an option. */
  values(name: string): string[];
  /** The value as a whole number. @throws {AirlockError} `usage` where it is none in the range. */
  number(name: string, range: { min: number; max: number }): number | undefined;
}

/** Options that every command knows. */
const globalOptions: OptionSpecs = {
  config: { type: "string" },
  "mcp-config": { type: "string", multiple: true },
  data: { type: "string" },
  debug: { type: "boolean" },
  help: { type: "boolean" },
};

/**
 * Reads arguments; `-` and what follows `--` are words.
 *
 * @throws {AirlockError} `usage` for an unknown option, naming the nearest, a
 * missing value, or more words than `maxPositionals`.
 */
export function parseArguments(
  args: readonly string[],
  own: OptionSpecs,
  maxPositionals: number,
): ParsedArguments {
  const specs: OptionSpecs = { ...globalOptions, ...own };
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  const { tokens } = parseArgs({
    args: [...args],
    options: specs,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const value = checkOption(token, specs);
    given.set(token.name, [...(given.get(token.name) ?? []), value]);
  }
  if (positionals.length > maxPositionals) {
    throw usage(`Cannot use "${positionals[maxPositionals]}": too many arguments`);
  }
  return {
    positionals,
    has: (name) => given.has(name),
    value: (name) => given.get(name)?.at(-1),
    values: (name) => given.get(name) ?? [],
    number: (name, range) => toNumber(name, given.get(name)?.at(-1), range),
  };
}

function checkOption(
  { name, rawName, value }: { name: string; rawName: string; value?: string },
  specs: OptionSpecs,
): string {
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (spec === undefined) {
    const near = nearestName(name, Object.keys(specs));
    const hint = near === undefined ? "" : `; did you mean "--${near}"`;
    throw usage(`Cannot use "${rawName}": unknown option${hint}`);
  }
  if (spec.type === "boolean") {
    if (value !== undefined) throw usage(`Cannot use "${rawName}": it takes no value`);
    return "";
  }
  if (value === undefined || (value.startsWith("--") && value.length > 2)) {
    throw usage(`Cannot use "${rawName}": its value is missing`);
  }
  return value;
}

function toNumber(
  name: string,
  text: string | undefined,
  { min, max }: { min: number; max: number },
): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (number >= min && number <= max) return number;
  throw usage(`Cannot use "--${name} ${text}": not a whole number from ${min} to ${max}`);
}

function usage(message: string): AirlockError {
  return new AirlockError("usage", message);
}
