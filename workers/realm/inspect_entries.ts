/** What lies within an object, as text, as far as the work and the room allow. @module */

import { keyText } from "./inspect_text.ts";
import { arrayPush, getOwnPropertyDescriptor, matches, ownKeys } from "./primordials.ts";

/** One call of `inspect()`: how far it is, and how far it may go. */
export interface Walk {
  /** Levels of objects within objects that are shown. */
  readonly depth: number;
  /** Values that may still be looked at. */
  nodesLeft: number;
  /** Characters that may still be written. */
  charsLeft: number;
  /** Holes of sparse arrays that may still be counted. */
  holesLeft: number;
  /** The objects around the one that is shown, and that one. */
  readonly path: object[];
  /** Shows a value within the object at the end of the path. */
  readonly show: (value: unknown) => string;
}

/** Items of an array, a map or a set that are shown. */
const maxItems = 100;

/** The items of an array or a typed array, holes counted. */
export function itemEntries(object: object, length: number, walk: Walk): string[] {
  const entries: string[] = [];
  let next = 0;
  while (next < length && hasRoom(walk, entries)) {
    const item = getOwnPropertyDescriptor(object, next);
    if (item !== undefined) {
      arrayPush(entries, showProperty(item, walk));
      next++;
      continue;
    }
    const from = next;
    while (next < length && walk.holesLeft > 0 && !getOwnPropertyDescriptor(object, next)) {
      walk.holesLeft--;
      next++;
    }
    if (next === from) break;
    arrayPush(entries, `<${next - from} empty item${next - from === 1 ? "" : "s"}>`);
  }
  addNotice(entries, length - next, "item");
  return entries;
}

/** Adds the enumerable properties, but those whose names are `hidden`. */
export function addProperties(
  entries: string[],
  object: object,
  walk: Walk,
  hidden?: RegExp,
): void {
  const keys = ownKeys(object);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (typeof key === "string" && hidden !== undefined && matches(hidden, key)) continue;
    if (isSpent(walk)) return addNotice(entries, keys.length - i, "property");
    walk.nodesLeft -= 0.1; // a key that is passed over is work too
    const property = getOwnPropertyDescriptor(object, key);
    if (property === undefined || !property.enumerable) continue;
    const label = keyText(key);
    walk.charsLeft -= label.length + walk.path.length * 2 + 2;
    arrayPush(entries, `${label}: ${showProperty(property, walk)}`);
  }
}

/** Adds a property that counts though it is not enumerable: `[cause]: …`. */
export function addHidden(entries: string[], object: object, key: string, walk: Walk): void {
  const property = getOwnPropertyDescriptor(object, key);
  if (property === undefined || property.enumerable || isTooDeep(walk)) return;
  arrayPush(entries, `[${key}]: ${showProperty(property, walk)}`);
}

function showProperty({ get, set, value }: PropertyDescriptor, walk: Walk): string {
  if (get !== undefined) return set === undefined ? "[Getter]" : "[Getter/Setter]";
  return set === undefined ? walk.show(value) : "[Setter]";
}

/** Adds how many are not shown, if any. */
export function addNotice(entries: string[], count: number, noun: "item" | "property"): void {
  if (count <= 0) return;
  const plural = noun === "item" ? "items" : "properties";
  arrayPush(entries, `... ${count} more ${count === 1 ? noun : plural}`);
}

/** Whether one more item may be shown. */
export function hasRoom(walk: Walk, entries: string[]): boolean {
  return entries.length < maxItems && !isSpent(walk);
}

function isSpent(walk: Walk): boolean {
  return walk.nodesLeft <= 0 || walk.charsLeft <= 0;
}

/** Whether the object at the end of the path lies too deep to be looked into. */
export function isTooDeep(walk: Walk): boolean {
  return walk.path.length > walk.depth + 1;
}
