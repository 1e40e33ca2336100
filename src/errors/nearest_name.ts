/** Finds the name somebody most likely meant. @module */

/**
 * The name among `known` that is nearest to `wrong`, or `undefined` where none
 * is near enough to be worth suggesting (more than a third of it would change).
 *
 * @example Usage
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * import { nearestName } from "./nearest_name.ts";
 * strictEqual(nearestName("top_product", ["reviews", "top_products"]), "top_products");
 * strictEqual(nearestName("xyz", ["reviews"]), undefined);
 * ```
 */
export function nearestName(wrong: string, known: Iterable<string>): string | undefined {
  const typed = wrong.slice(0, 200).toLowerCase();
  let nearest: string | undefined;
  let fewest = Math.max(2, Math.floor(typed.length / 3)) + 1;
  for (const name of known) {
    if (Math.abs(name.length - typed.length) >= fewest) continue;
    const edits = editDistance(typed, name.toLowerCase(), fewest);
    if (edits < fewest) [nearest, fewest] = [name, edits];
  }
  return nearest;
}

/** Optimal string alignment distance; gives up at `limit` and returns it. */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) edits = Math.min(edits, beforeLast[j - 2] + 1);
      row.push(edits);
    }
    if (Math.min(...row) >= limit) return limit;
    [beforeLast, last] = [last, row];
  }
  return last[b.length];
}
