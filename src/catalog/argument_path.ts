/** Places in a call's arguments: from a validator's pointer to `filters[0].name`. @module */

import type { Json } from "../protocol/json.ts";

/** The steps of a pointer such as `#/filters/0/a~1b`. */
export function pointerSteps(pointer: string): string[] {
  return pointer.split("/").slice(1).map((step) =>
    decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~")
  );
}

/** The value at a pointer, if there is one. */
export function valueAt(pointer: string, root: Json): Json | undefined {
  let value: Json | undefined = root;
  for (const step of pointerSteps(pointer)) value = enter(value, step);
  return value;
}

/**
 * A pointer in the way code would write it.
 *
 * @example Usage
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * import { pathOf } from "./argument_path.ts";
 * strictEqual(pathOf("#/filters/0/a-b", { filters: [{ "a-b": 1 }] }), 'filters[0]["a-b"]');
 * ```
 */
export function pathOf(pointer: string, root: Json): string {
  let path = "";
  let value: Json | undefined = root;
  for (const step of pointerSteps(pointer)) {
    path = Array.isArray(value) ? `${path}[${step}]` : joinPath(path, step);
    value = enter(value, step);
  }
  return path;
}

/** A path one property further in. */
export function joinPath(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(name.slice(0, 100))}]`;
  return path === "" ? name : `${path}.${name}`;
}

function enter(value: Json | undefined, step: string): Json | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return value[Number(step)];
  return Object.hasOwn(value, step) ? value[step] : undefined;
}
