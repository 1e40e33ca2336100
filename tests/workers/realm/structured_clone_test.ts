import { deepStrictEqual, notStrictEqual, strictEqual, throws } from "assert";
import fc from "fast-check";
import { structuredClone as cloneInRealm } from "../../../workers/realm/structured_clone.ts";

Deno.test("structuredClone() copies what the runtime's copies", () => {
  const value = fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withNullPrototype: true,
  });
  fc.assert(fc.property(value, (original) => {
    deepStrictEqual(cloneInRealm(original), structuredClone(original));
  }));
});

Deno.test("structuredClone() copies errors, expressions and views as the runtime does", () => {
  class Odd extends Error {
    override name = "Odd";
  }
  const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;
  const shared = [new DataView(buffer, 2, 3), new Uint16Array(buffer, 2, 2), buffer];
  for (const original of [/a/gi, shared, Object("text"), Object(1n)]) {
    deepStrictEqual(cloneInRealm(original), structuredClone(original));
  }
  for (const original of [new RangeError("r", { cause: { a: 1 } }), new Odd("o"), new Error("")]) {
    const [ours, theirs] = [cloneInRealm(original), structuredClone(original)];
    deepStrictEqual(partsOf(ours), partsOf(theirs));
  }
});

Deno.test("structuredClone() keeps cycles and what is shared", () => {
  const original: Record<string, unknown> = { map: new Map(), set: new Set(), list: [] };
  for (const part of [original.map, original.set, original.list]) {
    if (part instanceof Map) part.set(original, part);
    if (part instanceof Set) part.add(original);
    if (Array.isArray(part)) part.push(original, original.map);
  }

  const copy = cloneInRealm(original);

  deepStrictEqual(copy, original);
  notStrictEqual(copy, original);
});

Deno.test("structuredClone() makes plain objects of instances and reads getters", () => {
  class Point {
    x = 1;
    get y() {
      return 2;
    }
  }
  const original = Object.assign(new Point(), { [Symbol("s")]: 1 });

  deepStrictEqual(
    cloneInRealm([original, {
      get a() {
        return 3;
      },
    }]),
    [{ x: 1 }, { a: 3 }],
  );
});

Deno.test("structuredClone() refuses what has no copy with a DataCloneError", () => {
  const odd = [
    () => {},
    Symbol("s"),
    Promise.resolve(),
    new WeakMap(),
    new WeakSet(),
    new WeakRef({}),
    Object(Symbol("s")),
  ];
  for (const value of odd) {
    throws(() => cloneInRealm({ deep: [value] }), { name: "DataCloneError" });
  }
  throws(() => cloneInRealm(1, { transfer: [new ArrayBuffer(1)] }), { name: "DataCloneError" });
});

Deno.test("structuredClone() takes an object that only looks like a map as a plain one", () => {
  const original = Object.assign(Object.create(Map.prototype), { a: 1 });

  strictEqual(JSON.stringify(cloneInRealm(original)), '{"a":1}');
});

Deno.test("structuredClone() is not misled by a key named __proto__", () => {
  const original = JSON.parse('{"__proto__":{"polluted":1}}');

  deepStrictEqual(cloneInRealm(original), original);
});

function partsOf(error: unknown): unknown {
  if (!(error instanceof Error)) return "not an Error";
  const { name, message, stack, cause, constructor } = error;
  return { name, message, stack, cause, constructor, keys: Object.keys(error) };
}
