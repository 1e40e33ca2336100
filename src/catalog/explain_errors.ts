/** Turns a validator's findings into sentences with paths. @module */

import type { OutputUnit, Schema } from "@cfworker/json-schema";
import type { Issue } from "../errors/airlock_error.ts";
import { nearestName } from "../errors/nearest_name.ts";
import type { Json } from "../protocol/json.ts";
import { joinPath, pathOf, pointerSteps, valueAt } from "./argument_path.ts";
import type { BoundedSchema } from "./bounded_schema.ts";

const maxIssues = 20;
const maxMessage = 300;
const maxFindings = 200;
/** So many names are looked through for the nearest one. */
const maxNames = 500;
const maxListed = 12;

/** Findings that only say that there is another one further in. */
const wrappers = new Set(
  ("properties patternProperties additionalProperties unevaluatedProperties items prefixItems " +
    "additionalItems unevaluatedItems $ref allOf if dependentSchemas").split(" "),
);

/** What was held against what. */
interface Subject {
  readonly args: Json;
  readonly bounded: BoundedSchema;
}

/** One sentence for each thing that is wrong, with its path in the arguments. */
export function explainErrors(
  errors: readonly OutputUnit[],
  args: { readonly [name: string]: Json },
  bounded: BoundedSchema,
): Issue[] {
  const issues = explainAll(placeForbidden(errors.slice(0, maxFindings)), { args, bounded });
  const unique = new Map(issues.map((issue) => [`${issue.path}\n${issue.message}`, issue]));
  if (unique.size === 0) return [{ path: "", message: "Does not match the schema of the tool" }];
  return [...unique.values()].slice(0, maxIssues);
}

/** The validator gives `false` no place in the schema: it is that of the finding before. */
function placeForbidden(errors: readonly OutputUnit[]): OutputUnit[] {
  let before = "#";
  return errors.map((error) => {
    if (error.keyword === "false") return { ...error, keywordLocation: `${before}/false` };
    before = error.keywordLocation;
    return error;
  });
}

function explainAll(errors: readonly OutputUnit[], subject: Subject): Issue[] {
  const issues: Issue[] = [];
  for (let i = 0; i < errors.length; i++) {
    const error = errors[i];
    if (error.keyword === "anyOf" || error.keyword === "oneOf") {
      const inner = findingsWithin(error, errors, i + 1);
      issues.push(...explainChoice(error, inner, subject));
      i += inner.length;
    } else if (!wrappers.has(error.keyword)) {
      issues.push({
        path: pathOf(error.instanceLocation, subject.args),
        ...explainOne(error, subject),
      });
    }
  }
  return issues;
}

/** The findings of a choice's branches: they follow it, and their place begins with its place. */
function findingsWithin(
  choice: OutputUnit,
  errors: readonly OutputUnit[],
  from: number,
): OutputUnit[] {
  const prefix = `${choice.keywordLocation}/`;
  let to = from;
  while (to < errors.length && errors[to].keywordLocation.startsWith(prefix)) to++;
  return errors.slice(from, to);
}

/** Explains the one branch that was meant, where that can be told; else what the branches expect. */
function explainChoice(
  choice: OutputUnit,
  inner: readonly OutputUnit[],
  subject: Subject,
): Issue[] {
  const path = pathOf(choice.instanceLocation, subject.args);
  if (/\(([2-9]|\d\d+) matches\)/.test(choice.error)) {
    return [{ path, message: "Matches several of the forms of which it may match one" }];
  }
  const start = choice.keywordLocation.length + 1;
  const branches = [
    ...Map.groupBy(inner, (error) => error.keywordLocation.slice(start).split("/", 1)[0]).values(),
  ];
  const isOfWrongType = (error: OutputUnit) =>
    error.keyword === "type" && error.instanceLocation === choice.instanceLocation;
  const ofRightType = branches.filter((errors) => !errors.some(isOfWrongType));
  const meant = ofRightType.filter((errors) => !errors.some(({ keyword }) => keyword === "const"));
  for (const candidates of [ofRightType, meant]) {
    if (candidates.length === 1) return explainAll(candidates[0], subject);
  }
  if (ofRightType.length > 0) {
    return [{ path, message: `Matches none of the ${branches.length} forms it may have` }];
  }
  const types = new Set(inner.filter(isOfWrongType).flatMap(typesOf));
  return [{ path, message: `Expected ${[...types].join(" or ")}, ${actual(choice, subject)}` }];
}

/** What is said of a finding, and where, if not at the value it was found at. */
function explainOne(error: OutputUnit, subject: Subject): { message: string; path?: string } {
  switch (error.keyword) {
    case "false":
      return { message: cut(explainForbidden(error, subject)) };
    case "type":
      return { message: `Expected ${typesOf(error).join(" or ")}, ${actual(error, subject)}` };
    case "required":
      return explainMissing(error, subject);
    case "enum":
    case "const":
      return { message: cut(expectedValues(error, subject)) };
    case "pattern":
      return {
        message: cut(`Does not match the pattern ${ownerOf(error, subject)?.pattern ?? ""}`),
      };
    default:
      return { message: cut(error.error.replace(/\.$/, "").replace(/^Instance does/, "Does")) };
  }
}

function explainForbidden(error: OutputUnit, subject: Subject): string {
  const wrapper = error.keywordLocation.replace(/\/false$/, "");
  if (!/(additional|unevaluated)Properties$/.test(wrapper)) return "Is not allowed here";
  const name = pointerSteps(error.instanceLocation).at(-1) ?? "";
  const known = knownNames({ ...error, keywordLocation: wrapper }, subject);
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
  return `Unknown property "${name}"${hint}`;
}

function explainMissing(error: OutputUnit, subject: Subject): { message: string; path: string } {
  const name = error.error.match(/"(.*)"/s)?.[1] ?? "";
  const known = new Set(knownNames(error, subject));
  const given = Object.keys(Object(valueAt(error.instanceLocation, subject.args))).slice(
    0,
    maxNames,
  );
  const typed = nearestName(name, given.filter((key) => !known.has(key)));
  const hint = typed === undefined ? "" : `; was it meant by "${typed}"?`;
  return {
    path: joinPath(pathOf(error.instanceLocation, subject.args), name),
    message: cut(`Missing required property "${name}"${hint}`),
  };
}

function expectedValues(error: OutputUnit, subject: Subject): string {
  const schema = ownerOf(error, subject);
  const values: unknown[] = error.keyword === "const" ? [schema?.const] : schema?.enum ?? [];
  const given = valueAt(error.instanceLocation, subject.args);
  const texts = values.filter((value) => typeof value === "string").slice(0, maxNames);
  const nearest = typeof given === "string" ? nearestName(given, texts) : undefined;
  const listed = values.slice(0, maxListed).map((value) => JSON.stringify(value)).join(", ");
  const more = values.length > maxListed ? ` and ${values.length - maxListed} more` : "";
  const hint = nearest === undefined ? "" : `"${nearest}"; all are: `;
  return `Expected ${values.length === 1 ? "" : hint || "one of "}${listed}${more}`;
}

function typesOf(error: OutputUnit): string[] {
  return error.error.split("Expected ").at(-1)?.match(/[a-z]+/g) ?? [];
}

function actual(error: OutputUnit, { args }: Subject): string {
  const value = valueAt(error.instanceLocation, args);
  if (value === null) return "got null";
  return `got ${Array.isArray(value) ? "array" : typeof value}`;
}

function knownNames(error: OutputUnit, subject: Subject): string[] {
  return Object.keys(ownerOf(error, subject)?.properties ?? {}).slice(0, maxNames);
}

/** The schema that holds the keyword of a finding. */
function ownerOf(error: OutputUnit, { bounded }: Subject): Schema | undefined {
  let value: unknown = bounded.schema;
  for (const step of pointerSteps(error.keywordLocation).slice(0, -1)) {
    const inner: unknown = Object.getOwnPropertyDescriptor(Object(value), step)?.value;
    value = step === "$ref" && typeof inner === "string" ? bounded.lookup[inner] : inner;
  }
  return typeof value === "object" && value !== null ? value : undefined;
}

function cut(message: string): string {
  return message.length > maxMessage ? `${message.slice(0, maxMessage)}…` : message;
}
