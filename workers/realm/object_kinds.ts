/**
 * What kind of object a value is: told by its prototypes, since asking the object
 * itself would run its code, and made sure of by its internal slots. @module
 */

import { bufferByteLength, dataViewByteLength, typedArrayBytes } from "./buffers.ts";
import { dateTime, sourceOf, unboxed } from "./native_values.ts";
import {
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isArray,
  mapGet,
  mapSet,
  mapSize,
  setSize,
} from "./primordials.ts";

/** Kinds of objects that are shown in a way of their own. */
export type Kind =
  | "array"
  | "boxed"
  | "buffer"
  | "dataView"
  | "date"
  | "error"
  | "function"
  | "map"
  | "opaque"
  | "plain"
  | "regExp"
  | "set"
  | "typedArray";

/** Prototypes followed at most: a proxy may pretend to have endless ones. */
const maxPrototypes = 100;

const kinds = new Map<object, Kind>();
mapSet(kinds, Map.prototype, "map");
mapSet(kinds, Set.prototype, "set");
mapSet(kinds, Date.prototype, "date");
mapSet(kinds, RegExp.prototype, "regExp");
mapSet(kinds, Error.prototype, "error");
mapSet(kinds, ArrayBuffer.prototype, "buffer");
mapSet(kinds, DataView.prototype, "dataView");
mapSet(kinds, Object.getPrototypeOf(Uint8Array.prototype), "typedArray");
mapSet(kinds, Promise.prototype, "opaque");
mapSet(kinds, WeakMap.prototype, "opaque");
mapSet(kinds, WeakSet.prototype, "opaque");
mapSet(kinds, WeakRef.prototype, "opaque");
mapSet(kinds, Number.prototype, "boxed");
mapSet(kinds, String.prototype, "boxed");
mapSet(kinds, Boolean.prototype, "boxed");
mapSet(kinds, Symbol.prototype, "boxed");
mapSet(kinds, BigInt.prototype, "boxed");

/** The kind of an object. */
export function kindOf(object: object): Kind {
  if (typeof object === "function") return "function";
  if (isArray(object)) return "array";
  const kind = search(getPrototypeOf(object), (prototype) => mapGet(kinds, prototype)) ?? "plain";
  return isGenuine(object, kind) ? kind : "plain";
}

/** Whether an object is what its prototypes say: anyone may put any prototype anywhere. */
function isGenuine(object: object, kind: Kind): boolean {
  try {
    readSlot(object, kind);
    return true;
  } catch {
    return false;
  }
}

/** Reads what only objects of that kind have; throws for others. */
function readSlot(object: object, kind: Kind): unknown {
  switch (kind) {
    case "map":
      return mapSize(object);
    case "set":
      return setSize(object);
    case "date":
      return dateTime(object);
    case "regExp":
      return sourceOf(object);
    case "buffer":
      return bufferByteLength(object);
    case "dataView":
      return dataViewByteLength(object);
    case "typedArray":
      return typedArrayBytes(object);
    case "boxed":
      return unboxed(object);
    default:
      return undefined;
  }
}

/** What instances of a class of the platform show, as they have no properties. */
const views = new Map<object, (instance: object) => object>();

/** Shows instances of a class by what `view` gives in place of their properties. */
export function showInstances(prototype: object, view: (instance: object) => object): void {
  mapSet(views, prototype, view);
}

/** What an instance of a class of the platform shows. */
export function viewOf(object: object): object | undefined {
  const prototype = getPrototypeOf(object);
  return prototype === null ? undefined : mapGet(views, prototype)?.(object);
}

/** The name of an object's class; `undefined` where it has no prototype. */
export function classNameOf(object: object): string | undefined {
  return search(getPrototypeOf(object), (prototype) => {
    const constructor: unknown = getOwnPropertyDescriptor(prototype, "constructor")?.value;
    const name = typeof constructor === "function" ? ownText(constructor, "name") : undefined;
    return name === "" ? undefined : name;
  });
}

/** A property that is text, own or inherited; no getter is called. */
export function textOf(object: object, key: PropertyKey): string | undefined {
  return search(object, (holder) => ownText(holder, key));
}

function ownText(object: object, key: PropertyKey): string | undefined {
  const value: unknown = getOwnPropertyDescriptor(object, key)?.value;
  return typeof value === "string" ? value : undefined;
}

/** The first thing found on an object or one of its prototypes. */
function search<Found>(
  start: object | null,
  find: (holder: object) => Found | undefined,
): Found | undefined {
  let holder = start;
  for (let i = 0; holder !== null && i < maxPrototypes; i++) {
    const found = find(holder);
    if (found !== undefined) return found;
    holder = getPrototypeOf(holder);
  }
  return undefined;
}
