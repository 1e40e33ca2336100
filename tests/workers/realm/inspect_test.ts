import { deepStrictEqual, match, ok, strictEqual } from "assert";
import fc from "fast-check";
import { cutText, inspect } from "../../../workers/realm/inspect.ts";

class Foo {
  x = 1;
}

Deno.test("inspect() shows values as Deno's console does", () => {
  const values = [
    1,
    -0,
    NaN,
    10n,
    true,
    null,
    undefined,
    Symbol("s"),
    [],
    {},
    [1, "a"],
    { a: 1, "b c": [null] },
    new Map([["k", { v: 1 }]]),
    new Set([1, [2]]),
    new Date(0),
    new Date(NaN),
    /a\/b/gi,
    new Foo(),
    new (class extends Map {})(),
    Object.create(null),
    Object.create(new Foo()),
    [undefined, , 3],
    new Uint8Array([1, 2]),
    () => {},
    function named() {},
    Foo,
    class {},
    async () => {},
    {
      get a() {
        return 1;
      },
    },
    Object.defineProperty({}, "a", { set: () => 0, enumerable: true }),
    { [Symbol("k")]: "v" },
    { "quote'": 'say "hi"' },
  ];

  for (const value of values) {
    const theirs = Deno.inspect(value);
    strictEqual(inspect(value), theirs.replace(/\n {4}at [^}]*/g, ""));
  }
});

Deno.test("inspect() shows objects within objects down to the depth it is given", () => {
  const value = { a: { b: { c: { d: { e: { f: 1 } } } } } };

  deepStrictEqual([inspect(value), inspect([new Map([[1, [2]]])], { depth: 0 })], [
    "{ a: { b: { c: { d: { e: [Object] } } } } }",
    "[ [Map] ]",
  ]);
});

Deno.test("inspect() leaves a string as it is and quotes those within", () => {
  deepStrictEqual([inspect('a "b"\n'), inspect(['a "b"\n', "it's", "\u001b[0m\ud800"])], [
    'a "b"\n',
    `[ 'a "b"\\n', "it's", "\\x1b[0m\\ud800" ]`,
  ]);
});

Deno.test("inspect() numbers what contains itself", () => {
  const inner: Record<string, unknown> = {};
  const outer: Record<string, unknown> = { inner, list: [inner] };
  inner.outer = outer;
  inner.self = inner;

  strictEqual(
    inspect(outer),
    "<ref *1> {\n  inner: <ref *2> { outer: [Circular *1], self: [Circular *2] },\n  list: [ <ref *2> { outer: [Circular *1], self: [Circular *2] } ]\n}",
  );
});

Deno.test("inspect() shows 100 items and says how many more there are", () => {
  const list = Array.from({ length: 123 }, (_, i) => i);

  for (
    const value of [list, new Uint8Array(list), new Set(list), new Map(list.map((i) => [i, i]))]
  ) {
    match(inspect(value), /99.*\n {2}\.\.\. 23 more items\n[\]}]$/);
  }
});

Deno.test("inspect() breaks lines at 80 columns and lets short items share them", () => {
  const text = inspect({ name: "x".repeat(50), list: Array(40).fill(12345), other: [{ a: 1 }] });

  ok(text.split("\n").every((line) => line.length <= 80));
  strictEqual(text.split("\n").length, 10);
});

Deno.test("inspect() shows an error with its cause, its properties and its own class", () => {
  class ShopError extends Error {
    code = 7;
  }
  const error = new ShopError("no", { cause: new AggregateError([new TypeError("inner")]) });

  strictEqual(
    inspect({ error }),
    "{\n  error: ShopError: no {\n    code: 7,\n    [cause]: AggregateError { [errors]: [ TypeError: inner ] }\n  }\n}",
  );
});

Deno.test("inspect() calls no getter", () => {
  const called: string[] = [];
  const value = {
    get a() {
      return called.push("a");
    },
    get [Symbol.toStringTag]() {
      return `${called.push("tag")}`;
    },
    get constructor() {
      return called.push("constructor");
    },
  };

  inspect([
    value,
    Object.defineProperty(new Error("e"), "stack", { get: () => called.push("stack") }),
  ]);

  deepStrictEqual(called, []);
});

Deno.test("inspect() never throws for a proxy", () => {
  const fail = () => {
    throw new TypeError("trap");
  };
  const traps = { get: fail, ownKeys: fail, getPrototypeOf: fail, getOwnPropertyDescriptor: fail };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();

  deepStrictEqual(
    [new Proxy({}, traps), new Proxy([], traps), proxy, new Proxy({ a: 1 }, {})].map((value) =>
      inspect(value)
    ),
    ["[Proxy]", "[Proxy]", "[Proxy]", "{ a: 1 }"],
  );
});

Deno.test("inspect() ends for what grows as it is looked at", () => {
  const grow = (): object =>
    new Proxy({}, {
      ownKeys: () => Array.from({ length: 1_000 }, (_, i) => `k${i}`),
      getOwnPropertyDescriptor: () => ({ value: grow(), enumerable: true, configurable: true }),
      getPrototypeOf: () => grow(),
    });

  ok(inspect(grow()).length <= 16_384);
});

Deno.test("inspect() bounds its work on what is huge", () => {
  const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`key${i}`, i]));
  const holes: unknown[] = [];
  holes[4_000_000_000] = 1;

  match(inspect(wide).slice(-100), /\.\.\. \d{5} more properties\n}$/);
  match(inspect(holes), /^\[ <10000 empty items>, \.\.\. 3999990001 more items \]$/);
  match(inspect(["x".repeat(10_001)]), /x"\.\.\. 1 more character\n\]$/);
});

Deno.test("inspect() keeps to maxBytes, whatever it is given", () => {
  fc.assert(
    fc.property(
      fc.anything({
        withMap: true,
        withSet: true,
        withDate: true,
        withSparseArray: true,
        withTypedArray: true,
        withNullPrototype: true,
        withBigInt: true,
      }),
      fc.integer({ min: 64, max: 300 }),
      (value, maxBytes) => {
        const text = inspect(value, { maxBytes });
        ok(new TextEncoder().encode(text).length <= maxBytes);
        ok(!text.includes("[object Object]") || JSON.stringify(value)?.includes("object"));
      },
    ),
  );
});

Deno.test("cutText() says how many bytes are missing", () => {
  strictEqual(cutText("é".repeat(100), 80), `${"é".repeat(24)}... 152 more bytes`);
});
