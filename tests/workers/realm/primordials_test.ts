import { deepStrictEqual, strictEqual, throws } from "assert";
import * as primordials from "../../../workers/realm/primordials.ts";

Deno.test("the primordials do what the methods they come from do", async () => {
  const { arraySplice, arraySort, arrayCopy, arrayJoin, matches, stringSlice, padStart } =
    primordials;
  const list = ["c", "a", "b", "d"];

  const taken = arraySplice(list, 1, 2);
  arraySort(list, (a, b) => a < b ? 1 : -1);
  const then = await primordials.promiseThen(Promise.reject(1), undefined, (reason) => [reason]);

  deepStrictEqual([taken, list, arrayCopy(list), arrayJoin(list, "-"), then], [
    ["a", "b"],
    ["d", "c"],
    ["d", "c"],
    "d-c",
    [1],
  ]);
  deepStrictEqual([matches(/b/, "abc"), stringSlice("abc", 1), padStart("1", 3, "0")], [
    true,
    "bc",
    "001",
  ]);
});

Deno.test("the primordials keep maps and weak maps", () => {
  const map = new Map<string, number>();
  const weak = new WeakMap<object, number>();
  const key = {};

  primordials.mapSet(map, "a", 1);
  primordials.weakMapSet(weak, key, 2);

  deepStrictEqual([
    primordials.mapGet(map, "a"),
    primordials.mapHas(map, "b"),
    primordials.mapSize(map),
    primordials.mapDelete(map, "a"),
  ], [1, false, 1, true]);
  deepStrictEqual([primordials.weakMapGet(weak, key), primordials.weakMapHas(weak, {})], [
    2,
    false,
  ]);
});

Deno.test("eachOfMap() and eachOfSet() stop where they are told", () => {
  const seen: unknown[] = [];

  primordials.eachOfMap(
    new Map([[1, 2], [3, 4], [5, 6]]),
    (key, value) => seen.push([key, value]) < 2,
  );
  primordials.eachOfSet(new Set([7, 8]), (value) => seen.push(value) < 3);

  deepStrictEqual(seen, [[1, 2], [3, 4], 7]);
});

Deno.test("the primordials ask no patched prototype", () => {
  const species = Object.getOwnPropertyDescriptor(Array, Symbol.species) ?? {};
  Object.defineProperty(Array, Symbol.species, { get: () => String, configurable: true });
  Object.defineProperty(Object.prototype, "get", { value: () => "poison", configurable: true });
  const list = [1, 2, 3];
  const object = {};

  const taken = primordials.arraySplice(list, 0, 1);
  primordials.defineValue(object, "key", 5);
  const descriptor = primordials.getOwnPropertyDescriptor(object, "key");
  const inherited = descriptor?.get;
  Reflect.deleteProperty(Object.prototype, "get");
  Object.defineProperty(Array, Symbol.species, species);

  deepStrictEqual([taken, list, { ...object }, inherited], [[1], [2, 3], { key: 5 }, undefined]);
});

Deno.test("uncurryGetter() refuses what is no getter", () => {
  throws(() => primordials.uncurryGetter(Array.prototype, "push"), {
    message: 'Cannot take "push": not a getter',
  });
});

Deno.test("defineHidden() makes a property that loops pass over", () => {
  const object = {};

  primordials.defineHidden(object, "key", 1);

  deepStrictEqual(Object.keys(object), []);
  strictEqual(Reflect.get(object, "key"), 1);
});
