import { deepStrictEqual, strictEqual } from "assert";
import {
  addHidden,
  addNotice,
  addProperties,
  hasRoom,
  isTooDeep,
  itemEntries,
  type Walk,
} from "../../../workers/realm/inspect_entries.ts";

Deno.test("itemEntries() counts holes as one entry", () => {
  // deno-lint-ignore no-sparse-arrays -- holes are what this is about
  const list = [1, , , 4, ,];

  deepStrictEqual(itemEntries(list, list.length, walk()), [
    "1",
    "<2 empty items>",
    "4",
    "<1 empty item>",
  ]);
});

Deno.test("itemEntries() stops where the work is done", () => {
  deepStrictEqual(itemEntries([1, 2, 3], 3, walk({ nodesLeft: 0 })), ["... 3 more items"]);
  deepStrictEqual(itemEntries([], 9, walk({ holesLeft: 4 })), [
    "<4 empty items>",
    "... 5 more items",
  ]);
});

Deno.test("addProperties() adds what is enumerable and not hidden", () => {
  const object = Object.defineProperties({ a: 1, b: 2 }, {
    c: { value: 3 },
    d: { get: () => 4, enumerable: true },
  });
  const entries: string[] = [];

  addProperties(entries, object, walk(), /^b$/);

  deepStrictEqual(entries, ["a: 1", "d: [Getter]"]);
});

Deno.test("addProperties() says how many properties are left out", () => {
  const entries: string[] = [];

  addProperties(entries, { a: 1, b: 2 }, walk({ charsLeft: 0 }));

  deepStrictEqual(entries, ["... 2 more properties"]);
});

Deno.test("addHidden() adds only what is there and not enumerable", () => {
  const entries: string[] = [];
  const error = new Error("e", { cause: 1 });

  addHidden(entries, error, "cause", walk());
  addHidden(entries, error, "errors", walk());
  addHidden(entries, { cause: 1 }, "cause", walk());

  deepStrictEqual(entries, ["[cause]: 1"]);
});

Deno.test("addNotice() counts in the right number", () => {
  const entries: string[] = [];

  for (const count of [0, 1, 2]) addNotice(entries, count, "property");

  deepStrictEqual(entries, ["... 1 more property", "... 2 more properties"]);
});

Deno.test("hasRoom() and isTooDeep() keep to their limits", () => {
  strictEqual(hasRoom(walk(), Array(100).fill("")), false);
  strictEqual(hasRoom(walk(), Array(99).fill("")), true);
  deepStrictEqual(
    [2, 3].map((length) => isTooDeep(walk({ depth: 1, path: Array(length).fill({}) }))),
    [false, true],
  );
});

function walk(overrides: Partial<Walk> = {}): Walk {
  return {
    depth: 4,
    nodesLeft: 100,
    charsLeft: 100,
    holesLeft: 100,
    path: [{}],
    show: (value) => `${value}`,
    ...overrides,
  };
}
