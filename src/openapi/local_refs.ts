/** Follows `$ref` within one document; never leaves it, never fetches. @module */

import { asPart, type Part } from "./part.ts";

/** References that lead to references: more in a row than this lead nowhere. */
const maxHops = 16;

/** Longest reference, in characters. */
const maxRefChars = 2048;

/** Knows where the references of one document lead. */
export class LocalRefs {
  /** `root`: the whole document. */
  constructor(readonly root: Part) {}

  /** What a reference such as `#/components/schemas/Pet` leads to; `undefined` where nothing. */
  find(ref: string): unknown {
    if (!ref.startsWith("#/") || ref.length > maxRefChars) return undefined;
    let value: unknown = this.root;
    for (const step of ref.slice(2).split("/")) {
      const key = decode(step).replaceAll("~1", "/").replaceAll("~0", "~");
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) {
        return undefined;
      }
      value = Object.getOwnPropertyDescriptor(value, key)?.value;
    }
    return value;
  }

  /** The object itself, or the one that it refers to; `undefined` where there is none. */
  follow(value: unknown): Part | undefined {
    let part = asPart(value);
    for (let hops = 0; hops < maxHops; hops++) {
      if (typeof part?.$ref !== "string") return part;
      part = asPart(this.find(part.$ref));
    }
    return undefined;
  }
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch (error) {
    if (error instanceof URIError) return step;
    throw error;
  }
}
