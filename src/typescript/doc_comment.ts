/** Doc comments of generated types, from what a schema says about itself. @module */

import type { SchemaObject } from "../catalog/schema_refs.ts";
import { commentText, quoteText } from "./escape_text.ts";

const maxDescription = 400;
const maxValue = 80;

/**
 * Lays a text out as a doc comment.
 *
 * @param text Already fit for a comment; may have several lines.
 * @param indent White space before each line.
 * @returns With a line break at its end; empty for an empty text.
 */
export function docComment(text: string, indent: string): string {
  const lines = text.trim().split("\n").map((line) => line.trimEnd());
  if (lines.length === 1) return lines[0] === "" ? "" : `${indent}/** ${lines[0]} */\n`;
  const body = lines.map((line) => `${indent} * ${line}`.trimEnd());
  return `${indent}/**\n${body.join("\n")}\n${indent} */\n`;
}

/** What a schema says about itself, in one line: description, default, bounds, format, examples. */
export function describeSchema(schema: SchemaObject): string {
  const description = textOf(schema.description) || textOf(schema.title);
  const facts = [
    schema.deprecated === true ? "@deprecated" : "",
    description && commentText(description.replace(/\s+/g, " ").trim(), maxDescription),
    schema.default === undefined ? "" : `Default: ${showValue(schema.default)}`,
    typeof schema.format === "string" ? `Format: ${commentText(schema.format, maxValue)}` : "",
    boundsOf(schema),
    typeof schema.pattern === "string" ? `Pattern: ${commentText(schema.pattern, maxValue)}` : "",
    examplesOf(schema),
  ];
  const stated = facts.map((fact) => fact.replace(/\s+/g, " ")).filter((fact) => fact !== "");
  return stated.map((fact, i) =>
    i < stated.length - 1 && !/[.!?:;…]$|^@/.test(fact) ? `${fact}.` : fact
  )
    .join(" ");
}

function boundsOf(schema: SchemaObject): string {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema;
  return [
    range("", minimum, maximum),
    typeof exclusiveMinimum === "number" ? `Above ${exclusiveMinimum}` : "",
    typeof exclusiveMaximum === "number" ? `Below ${exclusiveMaximum}` : "",
    range(" characters", schema.minLength, schema.maxLength),
    range(" items", schema.minItems, schema.maxItems),
  ].filter((fact) => fact !== "").join(". ");
}

/** Bounds that only state what a 53-bit integer can hold anyway are left out. */
function range(unit: string, from: unknown, to: unknown): string {
  const min = typeof from === "number" && from > Number.MIN_SAFE_INTEGER ? from : undefined;
  const max = typeof to === "number" && to < Number.MAX_SAFE_INTEGER ? to : undefined;
  if (min !== undefined && max !== undefined) return `${min} to ${max}${unit}`;
  if (min !== undefined) return `At least ${min}${unit}`;
  return max === undefined ? "" : `At most ${max}${unit}`;
}

function examplesOf({ examples, example }: SchemaObject): string {
  const given = Array.isArray(examples) ? examples : [example];
  const shown = given.filter((value) => value !== undefined).slice(0, 3).map(showValue);
  return shown.length === 0 ? "" : `Examples: ${shown.join(", ")}`;
}

function showValue(value: unknown): string {
  const text = typeof value === "string" ? quoteText(value) : JSON.stringify(value);
  return commentText(text ?? "", maxValue);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
