/** `URLSearchParams`, in the realm's own code. @module */

import { type Pair, parseForm, serializeForm } from "./form_encoding.ts";
import {
  apply,
  arrayPush,
  arraySort,
  arraySplice,
  defineHidden,
  eachOfMap,
  getOwnPropertyDescriptor,
  getProperty,
  mapSet,
  ownKeys,
  stringSlice,
  toText,
  toWellFormed,
} from "./primordials.ts";

/** What a `URL` keeps of the parameters it shares. */
export interface SharedParams {
  readonly params: URLSearchParams;
  /** Replaces all pairs by those of another query, without telling the URL. */
  read(query: string): void;
}

/** Set once by the class, which alone reaches its private fields. */
let share: (params: URLSearchParams, onChange: (query: string) => void) => SharedParams;

const NativeMap = Map;
const NativeTypeError = TypeError;
const { iterator, toStringTag } = Symbol;

/** The parameters of a query, in order. */
export class URLSearchParams {
  #pairs: Pair[];
  #onChange: ((query: string) => void) | undefined;

  static {
    share = (params, onChange) => {
      params.#onChange = onChange;
      return { params, read: (query) => void (params.#pairs = parseQuery(query)) };
    };
    defineHidden(this.prototype, toStringTag, "URLSearchParams");
  }

  constructor(init: unknown = "") {
    this.#pairs = pairsOf(init);
  }

  get size(): number {
    return this.#pairs.length;
  }

  append(name: string, value: string): void {
    arrayPush(this.#pairs, { name: scalarText(name), value: scalarText(value) });
    this.#changed();
  }

  delete(name: string, value?: string): void {
    this.#remove(scalarText(name), value === undefined ? undefined : scalarText(value), 0);
    this.#changed();
  }

  get(name: string): string | null {
    const index = this.#indexOf(scalarText(name));
    return index < 0 ? null : this.#pairs[index].value;
  }

  getAll(name: string): string[] {
    const wanted = scalarText(name);
    const values: string[] = [];
    for (let i = 0; i < this.#pairs.length; i++) {
      if (this.#pairs[i].name === wanted) arrayPush(values, this.#pairs[i].value);
    }
    return values;
  }

  has(name: string, value?: string): boolean {
    return this.#indexOf(
      scalarText(name),
      value === undefined ? undefined : scalarText(value),
    ) >= 0;
  }

  set(name: string, value: string): void {
    const wanted = scalarText(name);
    const text = scalarText(value);
    const index = this.#indexOf(wanted);
    if (index < 0) arrayPush(this.#pairs, { name: wanted, value: text });
    else {
      this.#pairs[index].value = text;
      this.#remove(wanted, undefined, index + 1);
    }
    this.#changed();
  }

  sort(): void {
    arraySort(this.#pairs, compareNames);
    this.#changed();
  }

  forEach(
    callback: (value: string, name: string, params: URLSearchParams) => void,
    thisArg?: unknown,
  ): void {
    if (typeof callback !== "function") {
      throw new NativeTypeError("Cannot visit parameters: the callback is not a function");
    }
    for (let i = 0; i < this.#pairs.length; i++) {
      apply(callback, thisArg, [this.#pairs[i].value, this.#pairs[i].name, this]);
    }
  }

  *entries(): Generator<[string, string], undefined> {
    for (let i = 0; i < this.#pairs.length; i++) yield [this.#pairs[i].name, this.#pairs[i].value];
  }

  *keys(): Generator<string, undefined> {
    for (let i = 0; i < this.#pairs.length; i++) yield this.#pairs[i].name;
  }

  *values(): Generator<string, undefined> {
    for (let i = 0; i < this.#pairs.length; i++) yield this.#pairs[i].value;
  }

  [Symbol.iterator](): Generator<[string, string], undefined> {
    return this.entries();
  }

  toString(): string {
    return serializeForm(this.#pairs);
  }

  #indexOf(name: string, value?: string, from = 0): number {
    for (let i = from; i < this.#pairs.length; i++) {
      const pair = this.#pairs[i];
      if (pair.name === name && (value === undefined || pair.value === value)) return i;
    }
    return -1;
  }

  #remove(name: string, value: string | undefined, from: number): void {
    for (let i = this.#indexOf(name, value, from); i >= 0; i = this.#indexOf(name, value, i)) {
      arraySplice(this.#pairs, i, 1);
    }
  }

  #changed(): void {
    this.#onChange?.(serializeForm(this.#pairs));
  }
}

/** Parameters that tell a `URL` of their changes. */
export function shareParams(query: string, onChange: (query: string) => void): SharedParams {
  return share(new URLSearchParams(query), onChange);
}

/** Text without lone surrogates, as the URL standard takes it. */
export function scalarText(value: unknown): string {
  return toWellFormed(`${value}`);
}

function compareNames(a: Pair, b: Pair): number {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

function pairsOf(init: unknown): Pair[] {
  if ((typeof init !== "object" || init === null) && typeof init !== "function") {
    return parseQuery(scalarText(init));
  }
  return isIterable(init) ? pairsOfList(init) : pairsOfRecord(init);
}

/** The pairs of a query, with or without its question mark. */
function parseQuery(query: string): Pair[] {
  return parseForm(query[0] === "?" ? stringSlice(query, 1) : query);
}

function isIterable(value: object): value is Iterable<unknown> {
  const method = getProperty(value, iterator);
  return method !== undefined && method !== null;
}

function pairsOfList(list: Iterable<unknown>): Pair[] {
  const pairs: Pair[] = [];
  for (const item of list) {
    arrayPush(pairs, pairOf(item));
  }
  return pairs;
}

function pairOf(item: unknown): Pair {
  const parts: string[] = [];
  if (typeof item === "object" && item !== null && isIterable(item)) {
    for (const part of item) arrayPush(parts, scalarText(part));
  }
  if (parts.length === 2) return { name: parts[0], value: parts[1] };
  throw new NativeTypeError("Cannot read parameters: an item is not a name and a value");
}

function pairsOfRecord(record: object): Pair[] {
  const values = new NativeMap<string, string>();
  const keys = ownKeys(record);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (!getOwnPropertyDescriptor(record, key)?.enumerable) continue;
    mapSet(values, scalarText(key), scalarText(getProperty(record, key)));
  }
  const pairs: Pair[] = [];
  eachOfMap(values, (name, value) => {
    arrayPush(pairs, { name: toText(name), value: toText(value) });
    return true;
  });
  return pairs;
}
