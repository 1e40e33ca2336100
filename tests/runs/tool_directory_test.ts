import { deepStrictEqual, match, rejects, strictEqual, throws } from "assert";
import { Catalog } from "../../src/catalog/catalog.ts";
import { localPrincipal } from "../../src/grants/principal.ts";
import { libraryTools } from "../../src/runs/library_tools.ts";
import { ToolDirectory } from "../../src/runs/tool_directory.ts";
import { ToolSearch } from "../../src/search/tool_search.ts";
import { declareTool, signatureOf } from "../../src/typescript/declare_tools.ts";

const ci = { name: "ci", tools: ["shop.*"] };

Deno.test("ToolDirectory shows a principal the tools it may call, and no others", () => {
  using tools = directory();

  const names = tools.directory.searchFor(undefined, {}, ci).map(({ name }) => name);

  deepStrictEqual(names, ["shop.reviews"]);
  strictEqual(tools.directory.search(undefined, {}).length, 2);
  match(tools.directory.declarations(["*"], ci), /namespace shop/);
  strictEqual(/namespace bank/.test(tools.directory.declarations(["*"], ci)), false);
  strictEqual(/namespace shop/.test(tools.directory.declarations(["bank.*"], ci)), false);
});

Deno.test("ToolDirectory.findFor() tells nobody of tools they may not call", () => {
  using tools = directory();

  strictEqual(tools.directory.findFor("bank.pay", localPrincipal).name, "bank.pay");
  for (const name of ["bank.pay", "bank.none"]) {
    throws(() => tools.directory.findFor(name, ci), {
      code: "not_found",
      message: `Cannot find the tool "${name}": it does not exist`,
    });
  }
});

Deno.test("ToolDirectory hands changes and their acceptance on", async () => {
  using tools = directory();
  const pay = tools.directory.findFor("bank.pay", localPrincipal);

  strictEqual(tools.directory.pendingChange(pay)?.hash, "hash of bank.pay");
  await tools.directory.accept(pay, "h");

  deepStrictEqual(tools.accepted, ["bank.pay h"]);
});

Deno.test("libraryTools() act for local unless told otherwise", async () => {
  using tools = directory();
  const library = libraryTools(tools.directory);

  const names = [library.search(), library.search(undefined, {}, ci)].map((items) => items.length);
  await library.accept("bank.pay", "h");

  deepStrictEqual([names, tools.accepted], [[2, 1], ["bank.pay h"]]);
  strictEqual(library.pendingChange("shop.reviews", ci)?.hash, "hash of shop.reviews");
  match(library.types(), /namespace bank/);
  await rejects(library.accept("bank.pay", "h", ci), { code: "not_found" });
});

function directory() {
  const catalog = new Catalog();
  catalog.setServer("shop", [{ name: "reviews", inputSchema: true }]);
  catalog.setServer("bank", [{ name: "pay", inputSchema: true }]);
  const search = new ToolSearch({ catalog, signatureOf, declare: declareTool });
  const accepted: string[] = [];
  return {
    directory: new ToolDirectory({
      catalog,
      search,
      pins: {
        pendingChange: ({ name }) => ({
          hash: `hash of ${name}`,
          diff: "",
          after: { name, inputSchema: true },
        }),
        accept: ({ name }, hash) => Promise.resolve(void accepted.push(`${name} ${hash}`)),
      },
    }),
    accepted,
    [Symbol.dispose]: () => search[Symbol.dispose](),
  };
}
