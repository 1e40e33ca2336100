/** Says what is wrong with settings, in words of the settings and not of the schema. @module */

import { z } from "zod";
import type { Issue } from "../errors/airlock_error.ts";
import { nearestName } from "../errors/nearest_name.ts";

/** Most findings that are told. */
const maxIssues = 100;

/** The findings of a schema: one each, with its path, without values. */
export function toIssues(error: z.ZodError, schema: z.ZodType): Issue[] {
  return error.issues.slice(0, maxIssues).flatMap((issue) => {
    const path = issue.path.filter((part) => typeof part !== "symbol");
    if (issue.code !== "unrecognized_keys") return { path: pathOf(path), message: wordsFor(issue) };
    const known = knownKeys(schema, path);
    return issue.keys.slice(0, maxIssues).map((key) => ({
      path: pathOf([...path, key]),
      message: unknownKey(key, known),
    }));
  });
}

/** `keys[0].secret`. */
export function pathOf(parts: readonly (string | number)[]): string {
  return parts.reduce<string>((path, part) => {
    if (typeof part === "number") return `${path}[${part}]`;
    if (!/^[\w$-]{1,128}$/.test(part)) return `${path}[${JSON.stringify(part.slice(0, 128))}]`;
    return path === "" ? part : `${path}.${part}`;
  }, "");
}

/** What is said about a key that nobody knows. */
export function unknownKey(key: string, known: readonly string[]): string {
  const nearest = nearestName(key, known);
  return nearest === undefined
    ? "is not a known key"
    : `is not a known key; nearest is "${nearest}"`;
}

function knownKeys(schema: z.ZodType, path: readonly (string | number)[]): string[] {
  let at: unknown = schema;
  for (const part of path) at = stepInto(inside(at), part);
  const object = inside(at);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

/** The schema under `optional()` and `default()`. */
function inside(schema: unknown): unknown {
  const isWrapper = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
  return isWrapper ? inside(schema.unwrap()) : schema;
}

function stepInto(schema: unknown, part: string | number): unknown {
  if (schema instanceof z.ZodObject) return schema.shape[part];
  if (schema instanceof z.ZodArray) return schema.element;
  return schema instanceof z.ZodRecord ? schema.valueType : undefined;
}

function wordsFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "int"
        ? "must be a whole number"
        : `must be ${named(issue.expected)}`;
    case "invalid_value":
      return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "invalid_union":
      return "is of the wrong type";
    case "too_small":
      return `must be at least ${bound(issue.origin, issue.minimum, issue.inclusive)}`;
    case "too_big":
      return `must be at most ${bound(issue.origin, issue.maximum, true)}`;
    default:
      return issue.message;
  }
}

function named(type: string): string {
  switch (type) {
    case "number":
      return "a finite number";
    case "array":
      return "a list";
    case "object":
    case "record":
      return "an object";
    default:
      return `a ${type}`;
  }
}

function bound(origin: string, limit: number | bigint, isInclusive = true): string {
  const number = isInclusive ? limit : Number(limit) + 1;
  switch (origin) {
    case "string":
      return `${number} characters long`;
    case "array":
      return `${number} entries long`;
    default:
      return String(number);
  }
}
