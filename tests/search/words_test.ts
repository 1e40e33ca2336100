import { deepStrictEqual, strictEqual } from "assert";
import { splitWords, stemWord } from "../../src/search/words.ts";

Deno.test("splitWords() splits names where case, digits and signs divide them", () => {
  deepStrictEqual(splitWords("TwilioApiV2010--CreateCall"), [
    ..."twilio api v twilioapiv 2010 create call createcall".split(" "),
  ]);
  deepStrictEqual(splitWords("get_HTTPServer größe"), [
    ..."get http server httpserver größe".split(" "),
  ]);
});

Deno.test("splitWords() reads no more than a bounded part of a text", () => {
  strictEqual(splitWords("a ".repeat(1_000_000)).length, 2_000);
});

Deno.test("stemWord() brings the forms of a word together", () => {
  const groups = ["create creates created creating", "query queries", "box boxes", "run running"];
  for (const group of [...groups, "issue issues", "list lists listed listing", "stop stopped"]) {
    strictEqual(new Set(group.split(" ").map(stemWord)).size, 1, group);
  }
});

Deno.test("stemWord() keeps different words apart and drops empty ones", () => {
  const words = ["status", "sing", "bus", "address", "red", "need"];
  deepStrictEqual(words.map(stemWord), ["status", "sing", "bus", "address", "red", "need"]);
  strictEqual(stemWord("the"), undefined);
});
