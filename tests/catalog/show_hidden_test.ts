import { strictEqual } from "assert";
import { showHidden } from "../../src/catalog/show_hidden.ts";

Deno.test("showHidden() shows what cannot be seen and leaves the rest", () => {
  strictEqual(
    showHidden("a\u200bb\u202ec\u2028d\0e\ufefff\u{e0041}"),
    [
      "a\\u{200b}b\\u{202e}c\\u{2028}d\\u{0}e\\u{feff}f\\u{e0041}",
    ].join(),
  );
  strictEqual(showHidden("Grüße, 世界 👍\n\t"), "Grüße, 世界 👍\n\t");
});
