import { deepStrictEqual, throws } from "assert";
import fc from "fast-check";
import { tokenizeCondition } from "../../src/policy/condition_tokens.ts";

Deno.test("tokenizeCondition() gives each token with its value and place", () => {
  deepStrictEqual(tokenizeCondition(`a >= -1.5e2\n&& 'it\\'s'`), [
    { type: "name", value: "a", at: 0 },
    { type: "symbol", value: ">=", at: 2 },
    { type: "number", value: -150, at: 5 },
    { type: "symbol", value: "&&", at: 12 },
    { type: "string", value: "it's", at: 15 },
    { type: "end", value: "", at: 22 },
  ]);
});

Deno.test("tokenizeCondition() takes the longest comparison", () => {
  const symbols = tokenizeCondition("=== == !== != <= < ! (").map(({ value }) => value);

  deepStrictEqual(symbols, ["===", "==", "!==", "!=", "<=", "<", "!", "(", ""]);
});

Deno.test("tokenizeCondition() reads back any quoted text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 50 }), (text) => {
    const quoted = `"${text.replaceAll(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
    deepStrictEqual(tokenizeCondition(quoted)[0], { type: "string", value: text, at: 0 });
  }));
});

Deno.test("tokenizeCondition() refuses unclosed text and unknown characters", () => {
  for (const text of [`"open`, "'a\"", "a # b", "é", "1.", "0x10", "&", "|"]) {
    throws(() => tokenizeCondition(text), { code: "invalid_config" }, text);
  }
});
