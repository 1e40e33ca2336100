/** `structuredClone`, for what a realm that nothing can be posted from has to clone. @module */

import {
  bufferByteLength,
  byteRange,
  bytesOf,
  isArrayBuffer,
  typedArrayLength,
  typedArrayName,
} from "./buffers.ts";
import { namedError } from "./named_error.ts";
import { dateTime, flagsOf, sourceOf, unboxed } from "./native_values.ts";
import { type Kind, kindOf, textOf } from "./object_kinds.ts";
import {
  apply,
  arrayPush,
  defineHidden,
  defineValue,
  eachOfMap,
  eachOfSet,
  getOwnPropertyDescriptor,
  getProperty,
  mapGet,
  mapSet,
  ownKeys,
  toText,
} from "./primordials.ts";

/** The clones of one call by their originals, so that cycles and shared parts stay. */
type Memory = Map<object, object>;
type ViewConstructor = new (buffer: ArrayBuffer, offset: number, length: number) => object;

const NativeArray = Array;
const NativeDataView = DataView;
const NativeDate = Date;
const NativeMap = Map;
const NativeObject = Object;
const NativeRegExp = RegExp;
const NativeSet = Set;
const NativeUint8Array = Uint8Array;
const { add: nativeAdd } = Set.prototype;
const { set: nativeFill } = Object.getPrototypeOf(Uint8Array.prototype);

const viewConstructors = new Map<string, ViewConstructor>();
const views: ViewConstructor[] = [
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  BigUint64Array,
  BigInt64Array,
  Float16Array,
  Float32Array,
  Float64Array,
];
for (const view of views) mapSet(viewConstructors, view.name, view);

const errorConstructors = new Map<string, new (message?: string) => Error>();
const errors = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];
for (const error of errors) mapSet(errorConstructors, error.name, error);

/**
 * A deep copy. Functions, symbols and what has a state that cannot be copied
 * (promises, weak collections) are a `DataCloneError`, as is a list of things
 * to transfer: there is nowhere to transfer them to.
 */
export const structuredClone = (value: unknown, options?: { transfer?: unknown[] }): unknown => {
  if (options?.transfer !== undefined && options.transfer.length > 0) {
    throw cloneError("what is to be transferred");
  }
  return clone(value, new NativeMap());
};

function clone(value: unknown, memory: Memory): unknown {
  if (typeof value === "symbol") throw cloneError(toText(value));
  if (typeof value === "function") throw cloneError("a function");
  if (typeof value !== "object" || value === null) return value;
  return mapGet(memory, value) ?? cloneOf[kindOf(value)](value, memory);
}

/** Each remembers its clone before it fills it, so that a cycle finds it. */
const cloneOf: Record<Kind, (object: object, memory: Memory) => object> = {
  plain: (object, memory) => fill(remember(memory, object, {}), object, memory),
  array(object, memory) {
    const length: unknown = getProperty(object, "length");
    const copy = new NativeArray(typeof length === "number" ? length : 0);
    return fill(remember(memory, object, copy), object, memory);
  },
  map(object, memory) {
    const copy = remember(memory, object, new NativeMap());
    const entries: { key: unknown; value: unknown }[] = [];
    eachOfMap(object, (key, value) => (arrayPush(entries, { key, value }), true));
    for (let i = 0; i < entries.length; i++) {
      mapSet(copy, clone(entries[i].key, memory), clone(entries[i].value, memory));
    }
    return copy;
  },
  set(object, memory) {
    const copy = remember(memory, object, new NativeSet());
    const values: unknown[] = [];
    eachOfSet(object, (value) => (arrayPush(values, value), true));
    for (let i = 0; i < values.length; i++) apply(nativeAdd, copy, [clone(values[i], memory)]);
    return copy;
  },
  date: (object, memory) => remember(memory, object, new NativeDate(dateTime(object))),
  regExp: (object, memory) =>
    remember(memory, object, new NativeRegExp(sourceOf(object), flagsOf(object))),
  boxed(object, memory) {
    const primitive = unboxed(object);
    if (typeof primitive === "symbol") throw cloneError(toText(primitive));
    return remember(memory, object, NativeObject(primitive));
  },
  buffer: (object, memory) => cloneBuffer(object, memory),
  typedArray(object, memory) {
    const { buffer, offset } = byteRange(object);
    const View = mapGet(viewConstructors, typedArrayName(object) ?? "") ?? NativeUint8Array;
    const copy = new View(cloneBuffer(buffer, memory), offset, typedArrayLength(object));
    return remember(memory, object, copy);
  },
  dataView(object, memory) {
    const { buffer, offset, length } = byteRange(object);
    const copy = new NativeDataView(cloneBuffer(buffer, memory), offset, length);
    return remember(memory, object, copy);
  },
  error: cloneThrown,
  function: () => {
    throw cloneError("a function");
  },
  opaque(object) {
    throw cloneError(`a ${textOf(object, Symbol.toStringTag) ?? "WeakRef"}`);
  },
};

function remember<Copy extends object>(memory: Memory, object: object, copy: Copy): Copy {
  mapSet(memory, object, copy);
  return copy;
}

/** Copies the enumerable properties whose keys are text. */
function fill(copy: object, object: object, memory: Memory): object {
  const keys = ownKeys(object);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (typeof key !== "string" || !getOwnPropertyDescriptor(object, key)?.enumerable) continue;
    defineValue(copy, key, clone(getProperty(object, key), memory));
  }
  return copy;
}

function cloneBuffer(buffer: object, memory: Memory): ArrayBuffer {
  const known = mapGet(memory, buffer);
  if (isArrayBuffer(known)) return known;
  const copy = new NativeUint8Array(bufferByteLength(buffer));
  apply(nativeFill, copy, [bytesOf(byteRange(buffer)), 0]);
  return remember(memory, buffer, byteRange(copy).buffer);
}

function cloneThrown(error: object, memory: Memory): Error {
  const name = toText(getProperty(error, "name"));
  const CloneError = mapGet(errorConstructors, name) ?? errors[0];
  const copy = remember(memory, error, new CloneError());
  for (let i = 0; i < errorParts.length; i++) {
    const key = errorParts[i];
    const part = getOwnPropertyDescriptor(error, key);
    if (part === undefined) continue;
    const value = getProperty(error, key);
    defineHidden(copy, key, key === "cause" ? clone(value, memory) : toText(value));
  }
  return copy;
}
const errorParts = ["message", "stack", "cause"];

function cloneError(what: string): Error {
  return namedError("DataCloneError", `Cannot clone ${what}: it has no copy`);
}
