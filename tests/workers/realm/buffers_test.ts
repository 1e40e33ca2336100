import { deepStrictEqual, strictEqual, throws } from "assert";
import {
  bareBytes,
  byteRange,
  bytesOf,
  decodeUtf8,
  encodeUtf8,
  isArrayBuffer,
} from "../../../workers/realm/buffers.ts";
import { connectGateway } from "./connect_gateway.ts";

connectGateway();

Deno.test("byteRange() finds the bytes of every kind of view", () => {
  const buffer = new ArrayBuffer(16);
  const found = [buffer, new DataView(buffer, 3, 2), new Uint32Array(buffer, 4, 2)].map(byteRange);

  deepStrictEqual(found.map((range) => [range.buffer === buffer, range.offset, range.length]), [
    [true, 0, 16],
    [true, 3, 2],
    [true, 4, 8],
  ]);
});

Deno.test("byteRange() believes no property of an instance", () => {
  const view = Object.defineProperties(new Uint8Array(4), {
    length: { value: 1_000 },
    byteLength: { value: 1_000 },
    byteOffset: { value: 9 },
    buffer: { value: "none" },
  });

  strictEqual(byteRange(view).length, 4);
});

Deno.test("byteRange() refuses what only looks like a buffer", () => {
  const odd = [
    {},
    null,
    "text",
    [1],
    Object.create(ArrayBuffer.prototype),
    new Proxy(new Uint8Array(1), {}),
  ];

  for (const value of odd) throws(() => byteRange(value), TypeError);
  deepStrictEqual(odd.map(isArrayBuffer), odd.map(() => false));
});

Deno.test("bareBytes() gives a view on the same bytes that has no prototype", () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const bare = bareBytes(byteRange(bytes));

  bare[1] = 9;

  deepStrictEqual([Object.getPrototypeOf(bare), bytes[1]], [null, 9]);
});

Deno.test("decodeUtf8() reads what encodeUtf8() wrote, as far as it is told", () => {
  const bytes = encodeUtf8("\ufeffé例😀");

  deepStrictEqual([
    decodeUtf8(bytes, 5, true, true),
    decodeUtf8(bytes, 5, true, false),
    decodeUtf8(bytes, 4, true, false),
  ], [
    "\ufeffé",
    "é",
    undefined,
  ]);
  strictEqual(byteRange(bytesOf({ ...byteRange(bytes), length: 2 })).length, 2);
});
