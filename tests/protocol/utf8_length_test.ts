import { strictEqual } from "assert";
import fc from "fast-check";
import { utf8Length, utf8Prefix } from "../../src/protocol/utf8_length.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((u) => String.fromCharCode(u)),
});

Deno.test("utf8Length() agrees with TextEncoder on any text, lone surrogates too", () => {
  fc.assert(fc.property(fc.oneof(anyText, fc.string({ unit: "grapheme" })), (text) => {
    strictEqual(utf8Length(text), bytes(text));
  }));
});

Deno.test("utf8Prefix() is the longest whole-character prefix within the bound", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.nat(40), (text, max) => {
    const prefix = utf8Prefix(text, max);

    strictEqual(text.startsWith(prefix), true);
    strictEqual(bytes(prefix) <= max, true);
    const next = [...text.slice(prefix.length)][0];
    if (next !== undefined) strictEqual(bytes(prefix + next) > max, true);
  }));
});
