import { deepStrictEqual, strictEqual } from "assert";
import {
  classNameOf,
  kindOf,
  showInstances,
  textOf,
  viewOf,
} from "../../../workers/realm/object_kinds.ts";

Deno.test("kindOf() tells the kinds apart, in subclasses too", () => {
  const values = [
    [],
    new (class extends Array {})(),
    () => {},
    new Map(),
    new (class extends Map {})(),
    new Set(),
    new Date(),
    /x/,
    new TypeError(),
    new ArrayBuffer(1),
    new DataView(new ArrayBuffer(1)),
    new Int8Array(1),
    Object(1),
    Object("a"),
    Promise.resolve(),
    new WeakMap(),
    {},
    Object.create(null),
  ];

  strictEqual(
    values.map(kindOf).join(" "),
    "array array function map map set date regExp error buffer dataView typedArray boxed boxed opaque opaque plain plain",
  );
});

Deno.test("kindOf() is not misled by a prototype", () => {
  const bare = [Map, Set, Date, RegExp, ArrayBuffer, DataView, Uint8Array, Number].map((type) =>
    Object.create(type.prototype)
  );

  deepStrictEqual(bare.map(kindOf), bare.map(() => "plain"));
  strictEqual(kindOf(new Proxy(new Map(), {})), "plain");
});

Deno.test("kindOf() ends for prototypes that never end", () => {
  const endless: object = new Proxy({}, { getPrototypeOf: () => endless });

  strictEqual(kindOf(endless), "plain");
});

Deno.test("classNameOf() and textOf() read data and call no getter", () => {
  class Shop {
    get label() {
      throw new Error("called");
    }
  }

  deepStrictEqual([
    classNameOf(new Shop()),
    classNameOf(Object.create(null)),
    classNameOf({ constructor: { name: "Fake" } }),
    textOf(new Shop(), "label"),
    textOf(Promise.resolve(), Symbol.toStringTag),
  ], ["Shop", undefined, "Object", undefined, "Promise"]);
});

Deno.test("showInstances() gives what viewOf() finds", () => {
  class Box {
    #inside = 1;
    static look = (box: object) => box instanceof Box ? { inside: box.#inside } : {};
  }
  showInstances(Box.prototype, Box.look);

  deepStrictEqual([viewOf(new Box()), viewOf({}), viewOf(Object.create(null))], [
    { inside: 1 },
    undefined,
    undefined,
  ]);
});
