import { ok, strictEqual } from "assert";
import fc from "fast-check";
import { cutText, visibleLine, visibleText } from "../../src/prompts/visible_text.ts";

Deno.test("visibleText() writes out what hides, and leaves lines, tabs and letters", () => {
  strictEqual(
    visibleText("a\tб\n\u001b[31m\u200b\u202e\u{e0041}\ufeff\r\u2028😀"),
    "a\tб\n\\u001b[31m\\u200b\\u202e\\u{e0041}\\ufeff\\u000d\\u2028😀",
  );
});

Deno.test("visibleLine() never gives a control character, a line break or too much", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
    const line = visibleLine(text, 80);
    ok(line.length <= 80);
    ok(!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line));
    ok(line.isWellFormed());
  }));
});

Deno.test("cutText() never leaves half a character", () => {
  strictEqual(cutText("a😀b", 3), "a…");
  strictEqual(cutText("abc", 3), "abc");
});
