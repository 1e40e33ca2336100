import { strictEqual } from "assert";
import fc from "fast-check";
import { linearPattern } from "../../src/catalog/linear_pattern.ts";

Deno.test("linearPattern() compiles rows of characters with one variable repeat", () => {
  const patterns = [
    "^\\d+$",
    "^\\d{4}-\\d{2}-\\d{2}$",
    "^[a-zA-Z0-9_-]+$",
    "^#[0-9A-F]{6}$",
    "abc",
  ];
  for (const pattern of [...patterns, "^$", "^[\\x20]*\\.", "^a{2,5}"]) {
    const isKnown = !pattern.includes("\\x");
    strictEqual(linearPattern(pattern)?.source, isKnown ? pattern : undefined);
  }
});

Deno.test("linearPattern() refuses whatever may take more than linear time", () => {
  const patterns = ["^(a+)+$", "^a*a*$", "a*b", "^(a|a)*$", "(?=a)", "^(.)\\1$", "^a{1,9}b{1,9}$"];
  for (const pattern of [...patterns, "^a{5000}$", "^[", "^a**", `^${"a".repeat(300)}`]) {
    strictEqual(linearPattern(pattern), undefined, pattern);
  }
});

Deno.test("linearPattern() throws for no text and means what the pattern means", () => {
  const unit = fc.constantFrom(..."^$ab\\d[]-{}1,+*?.()|".split(""));
  fc.assert(fc.property(fc.string({ unit, maxLength: 10 }), fc.string(), (pattern, text) => {
    const compiled = linearPattern(pattern);
    if (compiled) strictEqual(compiled.test(text), new RegExp(pattern, "u").test(text));
  }));
});
