/**
 * What the platform works with, taken from the realm before guest code can
 * change it: whatever a guest does to a prototype later, these stay as they were.
 * @module
 */

/** `Reflect.apply`: the one way to call a function that guest code may have touched. */
export const apply = Reflect.apply;
/** `Reflect.ownKeys`. */
export const ownKeys: (object: object) => (string | symbol)[] = Reflect.ownKeys;
/** `Reflect.getPrototypeOf`. */
export const getPrototypeOf: (object: object) => object | null = Reflect.getPrototypeOf;
/** `Reflect.get`. */
export const getProperty: (object: object, key: PropertyKey) => unknown = Reflect.get;
/** `Reflect.setPrototypeOf`. */
export const setPrototypeOf = Reflect.setPrototypeOf;
/** `Reflect.deleteProperty`. */
export const deleteProperty = Reflect.deleteProperty;
/** `Object.defineProperty`: give it a descriptor without a prototype. */
export const defineProperty: (
  object: object,
  key: PropertyKey,
  descriptor: PropertyDescriptor,
) => object = Object.defineProperty;
/** `Object.freeze`. */
export const freeze = Object.freeze;
/** `Object.is`. */
export const objectIs = Object.is;
/** `JSON.parse`: for text that the outer realm wrote, whose type is known. */
export const jsonParse = JSON.parse;
/** `JSON.stringify`; it still honours a `toJSON` that the guest put somewhere. */
export const jsonStringify: (value: unknown) => string | undefined = JSON.stringify;
/** `Array.isArray`. */
export const isArray: (value: unknown) => value is unknown[] = Array.isArray;
/** `String`, as a function: symbols become text too. */
export const toText = String;
/** `Number`, as a function. */
export const toNumber = Number;
/** `Math.trunc`. */
export const trunc = Math.trunc;
/** `String.fromCharCode`. */
export const fromCharCode = String.fromCharCode;

const nativeDescriptor = Reflect.getOwnPropertyDescriptor;
/** `Reflect.getOwnPropertyDescriptor`; what it gives inherits nothing. */
export function getOwnPropertyDescriptor(
  object: object,
  key: PropertyKey,
): PropertyDescriptor | undefined {
  const descriptor = nativeDescriptor(object, key);
  if (descriptor !== undefined) setPrototypeOf(descriptor, null);
  return descriptor;
}

/** Makes a method a function whose first argument is the receiver. */
export function uncurryThis<Self, Args extends unknown[], Result>(
  method: (this: Self, ...args: Args) => Result,
): (self: Self, ...args: Args) => Result {
  return (self, ...args) => apply(method, self, args);
}

/** Makes the getter of a built-in prototype a function of its receiver. */
export function uncurryGetter<Result>(
  prototype: object,
  key: PropertyKey,
): (self: object) => Result {
  const getter = getOwnPropertyDescriptor(prototype, key)?.get;
  if (getter === undefined) throw new TypeError(`Cannot take "${toText(key)}": not a getter`);
  return (self) => apply(getter, self, []);
}

/** Defines an own property; no prototype has a say in it. */
export function defineOwn(object: object, key: PropertyKey, descriptor: PropertyDescriptor): void {
  setPrototypeOf(descriptor, null);
  defineProperty(object, key, descriptor);
}

/** Defines a writable, configurable own property that is not enumerable. */
export function defineHidden(object: object, key: PropertyKey, value: unknown): void {
  defineOwn(object, key, { value, writable: true, enumerable: false, configurable: true });
}

/** Defines an ordinary own property, as a literal does. */
export function defineValue(object: object, key: PropertyKey, value: unknown): void {
  defineOwn(object, key, { value, writable: true, enumerable: true, configurable: true });
}

const nativeThen = Promise.prototype.then;
/** `promise.then(ok, fail)`. */
export function promiseThen<Value>(
  promise: Promise<Value>,
  ok: ((value: Value) => unknown) | undefined,
  fail?: (reason: unknown) => unknown,
): Promise<unknown> {
  return apply(nativeThen, promise, [ok, fail]);
}

const text = String.prototype;
/** `text.slice(start, end)`. */
export const stringSlice = uncurryThis(text.slice);
/** `text.charCodeAt(index)`. */
export const charCodeAt = uncurryThis(text.charCodeAt);
/** `text.indexOf(part, from)`. */
export const stringIndexOf = uncurryThis(text.indexOf);
/** `text.repeat(count)`. */
export const stringRepeat = uncurryThis(text.repeat);
/** `text.padStart(length, fill)`. */
export const padStart = uncurryThis(text.padStart);
/** `text.padEnd(length, fill)`. */
export const padEnd = uncurryThis(text.padEnd);
/** `text.trim()`. */
export const stringTrim = uncurryThis(text.trim);
/** `text.toLowerCase()`. */
export const toLowerCase = uncurryThis(text.toLowerCase);
/** `text.toUpperCase()`. */
export const toUpperCase = uncurryThis(text.toUpperCase);
/** `text.toWellFormed()`: lone surrogates become U+FFFD. */
export const toWellFormed = uncurryThis(text.toWellFormed);
/** `number.toString(radix)`. */
export const numberToString = uncurryThis(Number.prototype.toString);
const nativeExec = RegExp.prototype.exec;
/** Whether an expression without the flags `g` and `y` matches. */
export function matches(expression: RegExp, value: string): boolean {
  return apply(nativeExec, expression, [value]) !== null;
}

const nativePush = Array.prototype.push;
/** `array.push(item)`. */
export function arrayPush<Item>(array: Item[], item: Item): void {
  apply(nativePush, array, [item]);
}
/** A copy of an array; `slice` would ask the guest's `Symbol.species`. */
export function arrayCopy<Item>(array: readonly Item[]): Item[] {
  const copy: Item[] = [];
  for (let i = 0; i < array.length; i++) arrayPush(copy, array[i]);
  return copy;
}
/** `array.splice(start, count)`, without asking the guest's `Symbol.species`. */
export function arraySplice<Item>(array: Item[], start: number, count: number): Item[] {
  const taken: Item[] = [];
  for (let i = 0; i < count; i++) arrayPush(taken, array[start + i]);
  for (let i = start + count; i < array.length; i++) array[i - count] = array[i];
  array.length -= count;
  return taken;
}
const nativeSort = Array.prototype.sort;
/** `array.sort(compare)`. */
export function arraySort<Item>(array: Item[], compare: (a: Item, b: Item) => number): void {
  apply(nativeSort, array, [compare]);
}
const nativeJoin = Array.prototype.join;
/** `array.join(separator)`. */
export function arrayJoin(array: string[], separator: string): string {
  return apply(nativeJoin, array, [separator]);
}

const { get, set, has, delete: remove, entries } = Map.prototype;
/** `map.get(key)`. */
export function mapGet<Key, Value>(map: Map<Key, Value>, key: Key): Value | undefined {
  return apply(get, map, [key]);
}
/** `map.set(key, value)`. */
export function mapSet<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  apply(set, map, [key, value]);
}
/** `map.has(key)`. */
export function mapHas<Key>(map: Map<Key, unknown>, key: Key): boolean {
  return apply(has, map, [key]);
}
/** `map.delete(key)`. */
export function mapDelete<Key>(map: Map<Key, unknown>, key: Key): boolean {
  return apply(remove, map, [key]);
}
/** `map.size`; throws on what is no `Map`. */
export const mapSize = uncurryGetter<number>(Map.prototype, "size");
/** `set.size`; throws on what is no `Set`. */
export const setSize = uncurryGetter<number>(Set.prototype, "size");

const setPrototype = Set.prototype;
const mapNext = new Map<unknown, unknown>().entries().next;
const setNext = new Set<unknown>().values().next;
/** Calls `visit` for each entry of a map, until it gives `false`. */
export function eachOfMap(map: object, visit: (key: unknown, value: unknown) => boolean): void {
  const iterator: object = apply(entries, map, []);
  for (;;) {
    const step: IteratorResult<[unknown, unknown]> = apply(mapNext, iterator, []);
    if (step.done || !visit(step.value[0], step.value[1])) return;
  }
}
const setValues = setPrototype.values;
/** Calls `visit` for each value of a set, until it gives `false`. */
export function eachOfSet(values: object, visit: (value: unknown) => boolean): void {
  const iterator: object = apply(setValues, values, []);
  for (;;) {
    const step: IteratorResult<unknown> = apply(setNext, iterator, []);
    if (step.done || !visit(step.value)) return;
  }
}

const weak = WeakMap.prototype;
const { get: weakGet, set: weakSet, has: weakHas } = weak;
/** `weakMap.get(key)`. */
export function weakMapGet<Key extends object, Value>(
  map: WeakMap<Key, Value>,
  key: Key,
): Value | undefined {
  return apply(weakGet, map, [key]);
}
/** `weakMap.set(key, value)`. */
export function weakMapSet<Key extends object, Value>(
  map: WeakMap<Key, Value>,
  key: Key,
  value: Value,
): void {
  apply(weakSet, map, [key, value]);
}
/** `weakMap.has(key)`. */
export function weakMapHas<Key extends object>(map: WeakMap<Key, unknown>, key: Key): boolean {
  return apply(weakHas, map, [key]);
}
