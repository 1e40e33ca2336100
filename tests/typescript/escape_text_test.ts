import { ok, strictEqual } from "assert";
import fc from "fast-check";
import { commentText, quoteKey, quoteText } from "../../src/typescript/escape_text.ts";

Deno.test("commentText() neither ends the comment nor opens a fence nor hides anything", () => {
  strictEqual(
    commentText("a */ b ``` c\u2028d\u200be\r\nf </script> ⚠\ufe0f", 100),
    "a *\\/ b ''' c\\u{2028}d\\u{200b}e\nf <\\/script> ⚠",
  );
});

Deno.test("commentText() keeps to its length and says that it was cut", () => {
  strictEqual(commentText("one two three", 7), "one two…");
});

Deno.test("quoteText() writes a literal that has the text as its value", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const literal = quoteText(text);
    ok(!/[\n\r\u2028\u2029\u200b]|<\//.test(literal));
    const json = literal.replaceAll("<\\/", "</").replace(
      /\\u\{([0-9a-f]+)\}/g,
      (_, digits) => JSON.stringify(String.fromCodePoint(parseInt(digits, 16))).slice(1, -1),
    );
    strictEqual(JSON.parse(json), text);
  }));
});

Deno.test("quoteKey() quotes what is no identifier", () => {
  strictEqual(["a_1", "$", "a-b", "1", ""].map(quoteKey).join(), 'a_1,$,"a-b","1",""');
});
