import { strictEqual } from "assert";
import fc from "fast-check";
import { matchesGlob, matchesTool } from "../../src/catalog/glob.ts";

Deno.test("matchesGlob() takes a star for any text and all else literally", () => {
  const cases: [glob: string, name: string, matches: boolean][] = [
    ["*", "", true],
    ["*", "a.b", true],
    ["github.*", "github.delete.repo", true],
    ["github.delete_*", "github.delete_", true],
    ["*.delete*", "github.delete_repo", true],
    ["a*a", "a", false],
    ["a*b*c", "a.c.b", false],
    ["a.b", "axb", false],
    ["[ab]", "a", false],
    ["", "", true],
    ["", "a", false],
  ];
  for (const [glob, name, matches] of cases) strictEqual(matchesGlob(glob, name), matches, glob);
});

Deno.test("matchesGlob() agrees with the regular expression of the glob", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", ".", "*"), maxLength: 8 });
  fc.assert(fc.property(text, text, (glob, name) => {
    const source = glob.split("*").map((piece) => RegExp.escape(piece)).join("[^]*");
    strictEqual(matchesGlob(glob, name), new RegExp(`^${source}$`).test(name));
  }));
});

Deno.test("matchesTool() holds the glob against the name of code and that of the server", () => {
  const tool = {
    name: "my_shop.top_products",
    server: "my shop",
    tool: "top-products",
    namespace: "my_shop",
    member: "top_products",
    inputSchema: true,
    hash: "",
  };
  const globs = ["my_shop.*", "my shop.top-products", "my_shop.top-products", "shop.*"];
  const matches = globs.map((glob) => matchesTool(glob, tool));
  strictEqual(matches.join(), "true,true,false,false");
});
