import { strictEqual } from "assert";
import fc from "fast-check";
import { describeSchema, docComment } from "../../src/typescript/doc_comment.ts";

Deno.test("docComment() lays out one line, several, and none", () => {
  strictEqual(docComment("One.", "  "), "  /** One. */\n");
  strictEqual(docComment("One.\n\nTwo.", "  "), "  /**\n   * One.\n   *\n   * Two.\n   */\n");
  strictEqual(docComment(" ", "  "), "");
});

Deno.test("describeSchema() states description, default, bounds, format, pattern and examples", () => {
  strictEqual(
    describeSchema({
      description: "When\n it was",
      default: "now",
      format: "date",
      minLength: 3,
      pattern: "^a*/$",
      examples: ["x", 1],
      deprecated: true,
    }),
    '@deprecated When it was. Default: "now". Format: date. At least 3 characters. ' +
      'Pattern: ^a*\\/$. Examples: "x", 1',
  );
  strictEqual(describeSchema({ exclusiveMinimum: 0, maximum: 5 }), "At most 5. Above 0");
  strictEqual(describeSchema({ title: "Id", minimum: Number.MIN_SAFE_INTEGER }), "Id");
});

Deno.test("describeSchema() stays within one comment of bounded length for any schema", () => {
  const schema = fc.dictionary(
    fc.constantFrom("description", "title", "default", "format", "pattern", "examples", "minimum"),
    fc.oneof(fc.string({ unit: fc.constantFrom("*", "/", "`", "\n", "a") }), fc.jsonValue()),
  );
  fc.assert(fc.property(schema, (value) => {
    const text = describeSchema(value);
    strictEqual(/\*\/|`|\n/.test(text) || text.length > 1_200, false);
  }));
});
