/** What a document is made of: objects that nobody has vouched for. @module */

/** A JSON object of a document. */
export type Part = { readonly [key: string]: unknown };

/** The object, or `undefined` where it is something else. */
export function asPart(value: unknown): Part | undefined {
  return isPart(value) ? value : undefined;
}

/** The text, or `undefined` where it is something else or longer than `maxChars`. */
export function asText(value: unknown, maxChars: number): string | undefined {
  return typeof value === "string" && value.length <= maxChars ? value : undefined;
}

/** The list, at most `maxItems` of it; empty where it is something else. */
export function asList(value: unknown, maxItems: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, maxItems) : [];
}

/** A member of its own, never one that every object has. */
export function ownMember(part: Part | undefined, key: string): unknown {
  return part !== undefined && Object.hasOwn(part, key) ? part[key] : undefined;
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
