import { deepStrictEqual, strictEqual } from "assert";
import ts from "typescript";
import { catalogueTest, readCatalogue } from "../../catalog/catalogue.ts";
import { declareApi } from "../../../src/typescript/declare_tools.ts";
import { CheckService } from "../../../workers/checker/check_service.ts";
import { find, shared, shopService } from "./check_in_process.ts";

Deno.test("CheckService keeps the declarations of others apart", () => {
  const other = new CheckService(ts, shared, "declare namespace bank { function pay(): void }", []);
  const inShop = find("shop.reviews({ id: '' })");
  const inBank = other.check("shop.reviews({ id: '' })").map(({ kind }) => kind);

  deepStrictEqual([inShop, inBank, other.check("bank.pay()")], [[], ["unknown_name"], []]);
});

Deno.test("CheckService forgets the code before", () => {
  const service = shopService();

  service.check("var left = 1; globalThis.x = left; interface String { left: 1 }");

  deepStrictEqual(service.check("return left").map(({ kind }) => kind), ["unknown_name"]);
});

Deno.test("CheckService reads no file, whatever the code refers to", () => {
  const service = shopService();
  const code = [
    '/// <reference path="/etc/passwd" />',
    '/// <reference lib="dom" />',
    'import("/etc/passwd");',
    "document;",
  ].join("\n");

  strictEqual(service.check(code).some(({ name }) => name === "document"), true);
});

Deno.test("CheckService goes on after it was disposed of beside others", () => {
  shopService().dispose();

  deepStrictEqual(find("return shop.reviews({ id: '' })"), []);
});

Deno.test({
  ...catalogueTest("CheckService finds nothing wrong with any tool of the catalogue"),
  async fn() {
    const { tools } = (await readCatalogue()).snapshot();
    const found: unknown[] = [];
    for (const list of Map.groupBy(tools, ({ server }) => server).values()) {
      const service = new CheckService(ts, shared, declareApi(list), []);
      const code = list.map(({ name, server, tool }, i) =>
        `const a${i} = (args: Parameters<typeof ${name}>[0]) => ${name}(args);\n` +
        `tools[${JSON.stringify(server)}][${JSON.stringify(tool)}](input);`
      );
      found.push(...service.check(code.join("\n")));
      service.dispose();
    }

    deepStrictEqual(found, []);
  },
});
