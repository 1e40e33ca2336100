/** Replaces `${…}` in settings, in all the forms that editors write. @module */

import { basename, sep } from "node:path";
import { variableOf } from "./environment.ts";
import type { Environment } from "./environment.ts";

/** Where the values come from. */
export interface VariableSource {
  /** Values of `${VAR}`, and of `${input:id}` as `INPUT_<ID>`. */
  environment: Environment;
  /** `${workspaceFolder}`, absolute. */
  folder: string;
  /** Default values for `${input:id}`, by id. @default {none} */
  inputs?: ReadonlyMap<string, string>;
}

/** Expands texts that belong together, and remembers what was missing. */
export interface Expander {
  /** The text with all its variables replaced; what cannot be is left out and noted. */
  expand(text: string): string;
  /** What was missing, in words that hold no value: `variable "TOKEN" is not set`. */
  readonly problems: readonly string[];
}

/** Most characters that the values of one expander may add up to. */
const maxExpanded = 4 * 1024 * 1024;

/** `$${` stays as it is; `$NAME` without braces is no variable. */
const variable = /\$\$\{|\$\{([^}]*)\}/g;
const environmentForm = /^(?:env:)?([A-Za-z_]\w*)(?::-(.*))?$/s;
const inputForm = /^input:([\w. -]{1,256})$/;
const otherForm = /^(\w+):/;

/**
 * Makes an expander. It knows `${VAR}`, `${VAR:-default}`, `${env:VAR}`,
 * `${input:id}` (from `INPUT_<ID>`, else the input's default), `${userHome}`,
 * `${workspaceFolder}`, `${workspaceFolderBasename}`, `${pathSeparator}` and
 * `${/}`. Braces around anything else are text.
 *
 * @example Usage
 * ```ts
 * import { deepStrictEqual, strictEqual } from "node:assert/strict";
 * import { createExpander } from "./expand_variables.ts";
 * const { expand, problems } = createExpander({ environment: { A: "1" }, folder: "/w" });
 * strictEqual(expand("${A} ${env:A} ${B:-2} $A"), "1 1 2 $A");
 * expand("${TOKEN}");
 * deepStrictEqual(problems, ['variable "TOKEN" is not set']);
 * ```
 */
export function createExpander(source: VariableSource): Expander {
  const problems: string[] = [];
  let expanded = 0;
  const note = (problem: string): string => {
    if (!problems.includes(problem)) problems.push(problem);
    return "";
  };
  const replace = (whole: string, inner: string | undefined): string => {
    if (inner === undefined) return whole;
    const value = valueOf(inner, source);
    if (value === undefined) return whole;
    if (typeof value !== "string") return note(value.problem);
    expanded += value.length;
    return expanded > maxExpanded ? note("its variables are too long") : value;
  };
  return { expand: (text) => text.replace(variable, replace), problems };
}

/** What stands for `${inner}`; `undefined` where that is no variable. */
function valueOf(inner: string, source: VariableSource): string | { problem: string } | undefined {
  const fixed = fixedValue(inner, source);
  if (fixed !== undefined) return fixed;

  const [, input] = inputForm.exec(inner) ?? [];
  if (input !== undefined) return inputValue(input, source);

  const [, name, whenUnset] = environmentForm.exec(inner) ?? [];
  if (name !== undefined) return environmentValue(name, whenUnset, source);

  const [, kind] = otherForm.exec(inner) ?? [];
  return kind === undefined ? undefined : { problem: `"\${${kind}:…}" is not supported` };
}

function fixedValue(
  inner: string,
  source: VariableSource,
): string | { problem: string } | undefined {
  switch (inner) {
    case "userHome":
      return homeOf(source.environment) ?? { problem: "the user's home folder is not known" };
    case "workspaceFolder":
      return source.folder;
    case "workspaceFolderBasename":
      return basename(source.folder);
    case "pathSeparator":
    case "/":
      return sep;
    default:
      return undefined;
  }
}

function environmentValue(
  name: string,
  whenUnset: string | undefined,
  source: VariableSource,
): string | { problem: string } {
  const value = variableOf(source.environment, name);
  if (whenUnset === undefined) return value ?? { problem: `variable "${name}" is not set` };
  if (whenUnset.includes("${")) return { problem: `the default of "${name}" holds a variable` };
  return value || whenUnset;
}

function inputValue(id: string, source: VariableSource): string | { problem: string } {
  const name = `INPUT_${id.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
  const value = variableOf(source.environment, name) ?? source.inputs?.get(id);
  return value || { problem: `input "${id}" is not set (variable "${name}")` };
}

/** The user's home folder, where the environment names one. */
export function homeOf(environment: Environment): string | undefined {
  return variableOf(environment, "HOME") || variableOf(environment, "USERPROFILE") || undefined;
}
