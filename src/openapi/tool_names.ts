/** Names the tools of a document. @module */

import { assignIdentifiers } from "../catalog/names.ts";
import { hashText } from "../hashing/hash_json.ts";
import { asText } from "./part.ts";
import type { RawOperation } from "./operation.ts";

const maxNameChars = 128;

/**
 * A name for each operation, in their order: from its `operationId`, or from
 * method and path where it has none or shares it. Names are identifiers, each
 * different from all others, whatever order the document is in.
 *
 * @example Usage
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 * import { nameTools } from "./tool_names.ts";
 * const path = "/pets/{id}";
 * const operations = [
 *   { method: "GET", path, item: {}, operation: { operationId: "pets/get-one" } },
 *   { method: "DELETE", path, item: {}, operation: {} },
 * ];
 * deepStrictEqual(nameTools(operations), ["pets_get_one", "delete_pets_id"]);
 * ```
 */
export function nameTools(operations: readonly RawOperation[]): string[] {
  const ids = operations.map(({ operation }) => asText(operation.operationId, 4096)?.trim() ?? "");
  const counts = Map.groupBy(ids, (id) => id);
  const originals = operations.map(({ method, path }, index) => {
    const id = ids[index];
    const isOwn = /[A-Za-z0-9]/.test(id) && counts.get(id)?.length === 1;
    return isOwn ? id : `${method.toLowerCase()} ${path}`;
  });
  // First by what stands for each original, so that what differs only in signs still differs.
  const spelled = Map.groupBy(new Set(originals), spell);
  const names = new Map<string, string>();
  for (const [name, sharing] of spelled) {
    for (const original of sharing) {
      const isClear = sharing.length === 1 && name.length <= maxNameChars;
      names.set(original, isClear ? name : withMark(name, original));
    }
  }
  const identifiers = assignIdentifiers(names.values());
  return originals.map((original) => {
    const name = names.get(original) ?? original;
    return identifiers.get(name) ?? name;
  });
}

/** Runs of signs become one `_`: `GET /pets/{id}` reads `get_pets_id`. */
function spell(original: string): string {
  return original.replace(/[^A-Za-z0-9_$]+/g, "_").replace(/^_+|_+$/g, "") || "_";
}

function withMark(name: string, original: string): string {
  const mark = hashText(original).replace(/[^A-Za-z0-9]/g, "").slice(0, 6);
  return `${name.slice(0, maxNameChars - mark.length - 1)}_${mark}`;
}
