/** Makes any value fit for one log line: plain, bounded, without secrets. @module */

import type { Json } from "../protocol/json.ts";
import { redact } from "./redact.ts";

const maxTextLength = 8_192;
/** How far past the cut a secret is still recognized. */
const maxSecretLength = 4_096;
const maxEntries = 100;
const maxDepth = 6;

/**
 * A value as plain JSON: errors with name, message, stack and cause, secrets
 * replaced, and long texts, long lists and deep nesting cut with a remark.
 */
export function plainValue(value: unknown, depth = 0): Json {
  switch (typeof value) {
    case "string":
      return plainText(value);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "boolean":
      return value;
    case "object":
      if (value === null) return null;
      return depth < maxDepth ? plainObject(value, depth + 1) : "[nested too deeply]";
    default:
      return plainText(String(value));
  }
}

/** Text without secrets; what is cut is said. */
export function plainText(text: string): string {
  const clean = redact(text.slice(0, maxTextLength + maxSecretLength));
  if (clean.length <= maxTextLength && text.length <= maxTextLength + maxSecretLength) return clean;
  return `${clean.slice(0, maxTextLength)}… (${text.length} characters)`;
}

function plainObject(value: object, depth: number): Json {
  if (value instanceof Error) return plainError(value, depth);
  if (value instanceof Date) return value.toJSON() ?? "Invalid Date";
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (value instanceof URL) return plainText(value.href);
  if (value instanceof Map || value instanceof Set) return plainItems([...value], depth);
  if (Array.isArray(value)) return plainItems(value, depth);
  return plainEntries(Object.entries(value), depth);
}

function plainItems(values: readonly unknown[], depth: number): Json {
  const items = values.slice(0, maxEntries).map((item) => plainValue(item, depth));
  const left = values.length - items.length;
  return left > 0 ? [...items, `… (${left} more)`] : items;
}

function plainError(error: Error, depth: number): Json {
  const { name, message, stack, cause, ...own } = error;
  const entries = Object.entries({ name, message, ...own, stack, cause });
  return plainEntries(entries.filter(([, value]) => value !== undefined), depth);
}

function plainEntries(entries: [string, unknown][], depth: number): Json {
  const kept = entries.slice(0, maxEntries).map(([key, value]): [string, Json] => [
    plainText(key),
    plainValue(value, depth),
  ]);
  const left = entries.length - kept.length;
  if (left > 0) kept.push(["…", `${left} more`]);
  return Object.fromEntries(kept);
}
