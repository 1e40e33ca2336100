import { strictEqual } from "assert";
import fc from "fast-check";
import { incompleteEnd } from "../../../workers/realm/utf8_stream.ts";

Deno.test("incompleteEnd() gives what a decoder would still wait for", () => {
  const byte = fc.constantFrom(
    0x41,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc1,
    0xc2,
    0xdf,
    0xe0,
    0xe1,
    0xed,
    0xf0,
    0xf1,
    0xf4,
    0xf5,
  );
  fc.assert(fc.property(fc.array(byte, { maxLength: 6 }), (list) => {
    const bytes = new Uint8Array(list);
    const end = bytes.length - incompleteEnd(bytes, bytes.length);
    const waiting = new TextDecoder().decode(bytes, { stream: true });
    strictEqual(new TextDecoder().decode(bytes.subarray(0, end)), waiting);
  }));
});
