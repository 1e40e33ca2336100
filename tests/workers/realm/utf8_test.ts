import { ok, strictEqual } from "assert";
import fc from "fast-check";
import { utf8Length, utf8Prefix } from "../../../workers/realm/utf8.ts";

const text = fc.string({
  unit: fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    fc.constantFrom("\ud83d", "\ude00", "é", "例"),
  ),
});

Deno.test("utf8Length() counts the bytes that encoding gives", () => {
  fc.assert(fc.property(text, (value) => {
    strictEqual(utf8Length(value), new TextEncoder().encode(value).length);
  }));
});

Deno.test("utf8Prefix() keeps as many whole characters as fit", () => {
  fc.assert(fc.property(text, fc.nat(40), (value, maxBytes) => {
    const kept = utf8Prefix(value, maxBytes);
    const { read } = new TextEncoder().encodeInto(value, new Uint8Array(maxBytes));
    ok(value.startsWith(kept));
    strictEqual(kept.length, read);
  }));
});
