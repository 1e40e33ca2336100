import { deepStrictEqual } from "assert";
import { bodyOf } from "../../../workers/realm/inspect_bodies.ts";
import type { Walk } from "../../../workers/realm/inspect_entries.ts";

Deno.test("bodyOf() gives prefix, brackets and entries of each kind", () => {
  class Foo {
    a = 1;
  }
  const cases: [object, string][] = [
    [{ a: 1 }, "{} a: 1"],
    [new Foo(), "Foo {} a: 1"],
    [[1, 2], "[] 1 2"],
    [Object.assign([1], { extra: 2 }), "[] 1 extra: 2"],
    [new (class Own extends Array {})(2), "Own(2) [] <2 empty items>"],
    [new Map([[1, 2]]), "Map(1) {} 1 => 2"],
    [new Set([1]), "Set(1) {} 1"],
    [new Uint8Array(2), "Uint8Array(2) [] 0 0"],
    [new ArrayBuffer(3), "ArrayBuffer {} byteLength: 3"],
    [new DataView(new ArrayBuffer(4)), "DataView {} byteLength: 4"],
    [Promise.resolve(1), "Promise {} <contents hidden>"],
    [Object(1n), "[BigInt: 1n] {}"],
    [Object.assign(Object("ab"), { c: 1 }), '[String: "ab"] {} c: 1'],
    [Object.assign(() => {}, { b: 2 }), "[Function (anonymous)] {} b: 2"],
    [/x/g, "/x/g {}"],
    [Math, "Object [Math] {}"],
  ];

  deepStrictEqual(cases.map(([value]) => shown(value)), cases.map(([, text]) => text));
});

Deno.test("bodyOf() names what lies too deep", () => {
  const values = [{}, [], new Map(), new Set(), new Uint8Array(1), Object.create(null)];

  deepStrictEqual(values.map((value) => shown(value, 9)), [
    "[Object] {}",
    "[Array] {}",
    "[Map] {}",
    "[Set] {}",
    "[Uint8Array] {}",
    "[[Object: null prototype]] {}",
  ]);
});

function shown(value: object, depth = 1): string {
  const path = Array(depth).fill({});
  const walk: Walk = {
    depth: 4,
    nodesLeft: 99,
    charsLeft: 999,
    holesLeft: 99,
    path,
    show: (inner) => `${inner}`,
  };
  const { prefix, brackets, entries } = bodyOf(value, walk);
  return [prefix, brackets, ...entries].filter((part) => part !== "").join(" ");
}
