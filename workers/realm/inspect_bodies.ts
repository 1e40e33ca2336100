/** How each kind of object is shown: what stands before its entries, and which these are. @module */

import {
  bufferByteLength,
  dataViewByteLength,
  typedArrayLength,
  typedArrayName,
} from "./buffers.ts";
import { errorText } from "./error_text.ts";
import {
  addHidden,
  addNotice,
  addProperties,
  hasRoom,
  isTooDeep,
  itemEntries,
  type Walk,
} from "./inspect_entries.ts";
import { type Body, cutName, primitiveText } from "./inspect_text.ts";
import { dateText, isClass, regExpText, unboxed } from "./native_values.ts";
import { classNameOf, type Kind, kindOf, textOf, viewOf } from "./object_kinds.ts";
import {
  arrayPush,
  eachOfMap,
  eachOfSet,
  getOwnPropertyDescriptor,
  mapSize,
  setSize,
} from "./primordials.ts";

/** Arrays up to this length are searched for other properties than their items. */
const maxKeyedLength = 1_000;
const isIndex = /^\d{1,10}$/;
const inErrorText = /^(?:stack|message|name)$/;

/** What an object shows of itself. */
export function bodyOf(object: object, walk: Walk): Body {
  const kind = kindOf(object);
  return kind === "plain" ? plainBody(object, walk) : kindBodies[kind](object, walk);
}

const kindBodies: Record<Exclude<Kind, "plain">, (object: object, walk: Walk) => Body> = {
  array(object, walk) {
    const length = lengthOf(object);
    const name = classPrefix(object);
    const prefix = name === "Array" ? "" : `${name}(${length})`;
    if (isTooDeep(walk)) return alone(`[${name}]`);
    const entries = itemEntries(object, length, walk);
    if (length <= maxKeyedLength) addProperties(entries, object, walk, isIndex);
    return { prefix, brackets: "[]", entries };
  },
  typedArray(object, walk) {
    const name = typedArrayName(object) ?? "TypedArray";
    const length = typedArrayLength(object);
    if (isTooDeep(walk)) return alone(`[${name}]`);
    return {
      prefix: `${name}(${length})`,
      brackets: "[]",
      entries: itemEntries(object, length, walk),
    };
  },
  map: (object, walk) =>
    collectionBody(object, mapSize(object), walk, (add) => {
      eachOfMap(object, (key, value) => add(() => `${walk.show(key)} => ${walk.show(value)}`));
    }),
  set: (object, walk) =>
    collectionBody(object, setSize(object), walk, (add) => {
      eachOfSet(object, (value) => add(() => walk.show(value)));
    }),
  buffer: (object) => sized(object, bufferByteLength(object)),
  dataView: (object) => sized(object, dataViewByteLength(object)),
  date: (object, walk) => withProperties(dateText(object), object, walk),
  regExp: (object, walk) => withProperties(regExpText(object), object, walk),
  error(object, walk) {
    const body = withProperties(errorText(object), object, walk, inErrorText);
    addHidden(body.entries, object, "cause", walk);
    addHidden(body.entries, object, "errors", walk);
    return body;
  },
  function: (object, walk) => withProperties(functionText(object), object, walk),
  boxed(object, walk) {
    const text = `[${classPrefix(object)}: ${primitiveText(unboxed(object))}]`;
    return withProperties(text, object, walk, isIndex);
  },
  opaque: (object) => ({
    prefix: classPrefix(object),
    brackets: "{}",
    entries: ["<contents hidden>"],
  }),
};

/** A map or a set: `fill` adds its entries for as long as `add` says that there is room. */
function collectionBody(
  object: object,
  size: number,
  walk: Walk,
  fill: (add: (text: () => string) => boolean) => void,
): Body {
  const name = classPrefix(object);
  if (isTooDeep(walk)) return alone(`[${name}]`);
  const entries: string[] = [];
  fill((text) => {
    if (!hasRoom(walk, entries)) return false;
    arrayPush(entries, text());
    return true;
  });
  addNotice(entries, size - entries.length, "item");
  addProperties(entries, object, walk);
  return { prefix: `${name}(${size})`, brackets: "{}", entries };
}

function plainBody(object: object, walk: Walk): Body {
  const name = classPrefix(object);
  if (isTooDeep(walk)) return alone(`[${name}]`);
  const entries: string[] = [];
  addProperties(entries, viewOf(object) ?? object, walk);
  return { prefix: name === "Object" ? "" : name, brackets: "{}", entries };
}

function withProperties(text: string, object: object, walk: Walk, hidden?: RegExp): Body {
  const entries: string[] = [];
  if (!isTooDeep(walk)) addProperties(entries, object, walk, hidden);
  return { prefix: text, brackets: "{}", entries, standsAlone: true };
}

function alone(prefix: string): Body {
  return { prefix, brackets: "{}", entries: [], standsAlone: true };
}

function sized(object: object, byteLength: number): Body {
  return { prefix: classPrefix(object), brackets: "{}", entries: [`byteLength: ${byteLength}`] };
}

/** `Foo`, `Foo [tag]`, `[Object: null prototype]`. */
function classPrefix(object: object): string {
  const name = classNameOf(object);
  const shown = name === undefined ? "[Object: null prototype]" : cutName(name);
  const tag = textOf(object, Symbol.toStringTag);
  return tag === undefined || tag === name || tag === "" ? shown : `${shown} [${cutName(tag)}]`;
}

function functionText(object: object): string {
  const own: unknown = getOwnPropertyDescriptor(object, "name")?.value;
  const name = typeof own === "string" && own !== "" ? cutName(own) : "";
  if (isClass(object)) return `[class ${name === "" ? "(anonymous)" : name}]`;
  const kind = classNameOf(object) ?? "Function";
  return name === "" ? `[${cutName(kind)} (anonymous)]` : `[${cutName(kind)}: ${name}]`;
}

function lengthOf(object: object): number {
  const length: unknown = getOwnPropertyDescriptor(object, "length")?.value;
  return typeof length === "number" ? length : 0;
}
