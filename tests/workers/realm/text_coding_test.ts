import { deepStrictEqual, strictEqual, throws } from "assert";
import fc from "fast-check";
import * as realm from "../../../workers/realm/text_coding.ts";
import { connectGateway } from "./connect_gateway.ts";

connectGateway();

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.integer({ min: 0xd700, max: 0xe100 }).map((unit) => String.fromCharCode(unit)),
  }),
);
/** Bytes near the places where UTF-8 is decided. */
const bytes = fc.array(
  fc.oneof(
    fc.constantFrom(
      0x41,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc1,
      0xc2,
      0xe0,
      0xed,
      0xef,
      0xbb,
      0xf0,
      0xf4,
      0xf5,
      0xff,
    ),
    fc.integer({ min: 0, max: 255 }),
  ),
  { maxLength: 12 },
);

Deno.test("TextEncoder encodes as the runtime does", () => {
  fc.assert(fc.property(text, (source) => {
    deepStrictEqual(new realm.TextEncoder().encode(source), new TextEncoder().encode(source));
  }));
});

Deno.test("TextEncoder.encodeInto() writes and counts as the runtime does", () => {
  fc.assert(fc.property(text, fc.nat(20), fc.nat(3), (source, length, offset) => {
    const [ours, theirs] = [new Uint8Array(length + offset), new Uint8Array(length + offset)];
    const counted = new realm.TextEncoder().encodeInto(source, ours.subarray(offset));
    const expected = new TextEncoder().encodeInto(source, theirs.subarray(offset));
    deepStrictEqual([counted, ours], [{ ...expected }, theirs]);
  }));
});

Deno.test("TextEncoder.encodeInto() refuses what is no Uint8Array", () => {
  const encodeInto = realm.TextEncoder.prototype.encodeInto;
  for (const odd of [new Uint16Array(2), {}, null, new Proxy(new Uint8Array(2), {})]) {
    throws(() => Reflect.apply(encodeInto, new realm.TextEncoder(), ["a", odd]), TypeError);
  }
});

Deno.test("TextDecoder decodes pieces as the runtime does", () => {
  const pieces = fc.array(fc.record({ bytes, stream: fc.boolean() }), { maxLength: 6 });
  const options = fc.record({ fatal: fc.boolean(), ignoreBOM: fc.boolean() });
  fc.assert(
    fc.property(pieces, options, (list, choice) => {
      const [ours, theirs] = [
        new realm.TextDecoder("utf-8", choice),
        new TextDecoder("utf-8", choice),
      ];
      for (const { bytes, stream } of list) {
        const piece = new Uint8Array(bytes);
        const expected = attempt(() => theirs.decode(piece, { stream }));
        strictEqual(attempt(() => ours.decode(piece, { stream })), expected);
        if (expected === "TypeError") return;
      }
      strictEqual(attempt(() => ours.decode()), attempt(() => theirs.decode()));
    }),
    { numRuns: 500 },
  );
});

Deno.test("TextDecoder reads buffers and every kind of view on them", () => {
  const { buffer } = new TextEncoder().encode("abcdefgh");
  const decoder = new realm.TextDecoder();

  deepStrictEqual(
    [buffer, new DataView(buffer, 1, 2), new Uint16Array(buffer, 2, 1)].map((view) =>
      decoder.decode(view)
    ),
    ["abcdefgh", "bc", "cd"],
  );
});

Deno.test("TextDecoder takes the names of UTF-8 and no others", () => {
  strictEqual(new realm.TextDecoder(" UTF8\n").encoding, "utf-8");
  throws(() => new realm.TextDecoder("latin1"), { name: "RangeError", message: /"latin1"/ });
});

Deno.test("atob() and btoa() do what the runtime's do", () => {
  const base64 = fc.oneof(
    fc.base64String(),
    fc.string({ unit: fc.constantFrom(..."QUJD=+/ \n-_é*") }),
  );
  fc.assert(fc.property(base64, text, (encoded, plain) => {
    strictEqual(attempt(() => realm.atob(encoded)), attempt(() => atob(encoded)));
    strictEqual(attempt(() => realm.btoa(plain)), attempt(() => btoa(plain)));
  }));
});

function attempt(read: () => string): string {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error.name : "not an Error";
  }
}
