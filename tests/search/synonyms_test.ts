import { ok, strictEqual } from "assert";
import { synonymsOf } from "../../src/search/synonyms.ts";
import { stemWord } from "../../src/search/words.ts";

Deno.test("synonymsOf() knows the other words for an idea, by their stems, both ways", () => {
  ok(synonymsOf(stemWord("removes") ?? "").includes("delet"));
  ok(synonymsOf("delet").includes("remov"));
  ok(!synonymsOf("delet").includes("delet"));
  strictEqual(synonymsOf("constructor").length, 0);
});
