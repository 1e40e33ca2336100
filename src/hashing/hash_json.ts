/** The one way JSON is hashed here: SHA-256 of its RFC 8785 form, base64url. @module */

import canonicalize from "canonicalize";
import { createHash } from "node:crypto";

/** Base64url SHA-256 (43 characters) of a text's UTF-8 bytes. */
export function hashText(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("base64url");
}

/**
 * Base64url SHA-256 of a JSON value in its RFC 8785 (JCS) form, so that the
 * order of keys and the way a number was written make no difference.
 *
 * JSON text may hold what RFC 8785 refuses, and answers of strangers do: half a
 * surrogate pair (a cut emoji) counts as its escape, a number out of range as `null`,
 * as `JSON.stringify()` writes them.
 *
 * @throws {TypeError} Where the value is not JSON.
 */
export function hashJson(value: unknown): string {
  const text = canonicalText(value);
  if (text === undefined) throw new TypeError("Cannot hash a value that is not JSON");
  return hashText(text);
}

function canonicalText(value: unknown): string | undefined {
  try {
    return canonicalize(value);
  } catch {
    // Not in the form of RFC 8785; whatever is not JSON at all is refused by this too.
    return JSON.stringify(value, (_key, each: unknown) => withSortedKeys(each));
  }
}

function withSortedKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}
