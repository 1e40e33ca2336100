import { ok, strictEqual } from "assert";
import fc from "fast-check";
import { summarize } from "../../src/search/summarize.ts";

Deno.test("summarize() takes the first sentence, in one line", () => {
  strictEqual(summarize("Finds\n orders. Needs a key."), "Finds orders.");
  strictEqual(summarize("Uses v1.2 of e.g. The API. More."), "Uses v1.2 of e.g. The API.");
  strictEqual(summarize("First paragraph\n\nSecond."), "First paragraph");
  strictEqual(summarize(""), "");
});

Deno.test("summarize() cuts a long sentence at a word and says so", () => {
  const summary = summarize("word ".repeat(100));
  ok(summary.endsWith("word…") && summary.length <= 200);
});

Deno.test("summarize() is one line of at most 200 characters for any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
    const summary = summarize(text);
    ok(summary.length <= 200 && !/[\n\u2028\u202e\0]/.test(summary));
  }));
});
