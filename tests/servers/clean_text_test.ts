import { ok, strictEqual } from "assert";
import fc from "fast-check";
import { cleanText } from "../../src/servers/clean_text.ts";

Deno.test("cleanText() removes terminal escapes, control and zero-width characters", () => {
  const dirty = "\x1b]0;title\x07\x1b[1;31mred\x1b[0m\0\u200b\u202e\ufeff\u{e0041}\r\n\ttab";

  strictEqual(cleanText(dirty, 100), "red\n\ttab");
});

Deno.test("cleanText() says what it cuts", () => {
  strictEqual(cleanText("x".repeat(50), 4), "xxxx… (50 characters)");
});

Deno.test("cleanText() is bounded and leaves nothing that a terminal obeys", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
    const clean = cleanText(text, 40);

    ok(clean.length <= 40 + "… (200 characters)".length);
    ok(clean.isWellFormed());
    // deno-lint-ignore no-control-regex
    ok(!/[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e]/.test(clean));
  }));
});
