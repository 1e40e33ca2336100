/** Turns the names of strangers into the identifiers that code uses (`API.md` section 4). @module */

import { createHash } from "node:crypto";
import { reservedNames } from "./reserved_names.ts";

/**
 * The identifier a name would have if nothing else were there: characters
 * outside `[A-Za-z0-9_$]` become `_`, a leading digit gets `_` before it, and
 * a reserved word gets `_` behind.
 *
 * @example Usage
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * import { identifierOf } from "./names.ts";
 * strictEqual(identifierOf("get-user"), "get_user");
 * strictEqual(identifierOf("2fa"), "_2fa");
 * strictEqual(identifierOf("memory"), "memory_");
 * ```
 */
export function identifierOf(
  original: string,
  reserved: ReadonlySet<string> = reservedNames,
): string {
  const plain = original.replace(/[^A-Za-z0-9_$]/gu, "_");
  const identifier = /^[0-9]/.test(plain) ? `_${plain}` : plain || "_";
  return reserved.has(identifier) ? `${identifier}_` : identifier;
}

/**
 * Gives each name an identifier of its own. Where several want the same one,
 * it belongs to the name that is spelled exactly so; every other gets `_` and
 * the first four hex digits of the SHA-256 of its original, and where even
 * that is taken, more of them. So the result depends on the set of names
 * alone, not on their order, and no name can take the one that another was
 * spelled as.
 *
 * @returns From original name to identifier.
 */
export function assignIdentifiers(
  originals: Iterable<string>,
  reserved: ReadonlySet<string> = reservedNames,
): Map<string, string> {
  const wanted = Map.groupBy(
    new Set(originals),
    (original) => identifierOf(original, reserved),
  );
  const assigned = new Map<string, string>();
  const contested: [original: string, identifier: string][] = [];
  for (const [identifier, claimants] of wanted) {
    for (const original of claimants) {
      if (claimants.length === 1 || original === identifier) assigned.set(original, identifier);
      else contested.push([original, identifier]);
    }
  }
  const taken = new Set(wanted.keys());
  contested.sort(([a], [b]) => a < b ? -1 : 1);
  for (const [original, identifier] of contested) {
    const own = withSuffix(identifier, original, taken);
    taken.add(own);
    assigned.set(original, own);
  }
  return assigned;
}

function withSuffix(identifier: string, original: string, taken: ReadonlySet<string>): string {
  const digits = createHash("sha256").update(original, "utf8").digest("hex");
  let length = 4;
  while (taken.has(`${identifier}_${digits.slice(0, length)}`) && length < digits.length) {
    length += 4;
  }
  return `${identifier}_${digits.slice(0, length)}`;
}
