import { deepStrictEqual, ok, strictEqual } from "assert";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { Catalog } from "../../src/catalog/catalog.ts";
import type { ListedTool } from "../../src/catalog/tool.ts";
import { ToolSearch } from "../../src/search/tool_search.ts";
import { declareTool, signatureOf } from "../../src/typescript/declare_tools.ts";
import { catalogueTest, readCatalogue } from "../catalog/catalogue.ts";
import { requests } from "./requests.ts";

Deno.test("ToolSearch.search() lists all tools in order of name without a query", () => {
  using search = searchOf(shops());
  const names = search.search(undefined, { detail: "names" }).map(({ name }) => name);
  deepStrictEqual(names, ["bank.pay", "my_shop.listOrders", "my_shop.top_products"]);
});

Deno.test("ToolSearch.search() finds tools by other forms, parts and misspellings of their words", () => {
  using search = searchOf(shops());
  const queries = ["best selling goods", "order", "prodcuts", "listing orders", "transfer mon"];
  const first = queries.map((query) => search.search(query, { detail: "names" })[0]?.tool);
  deepStrictEqual(first, ["top-products", "listOrders", "top-products", "listOrders", "pay"]);
});

Deno.test("ToolSearch.search() puts a tool first that is called by its name", () => {
  const catalog = shops();
  catalog.setServer("z", [tool("pay", "Other"), tool("bank", "bank pay bank pay")]);
  using search = searchOf(catalog);
  for (const query of ["z.pay", "my shop.top-products", "my_shop.top_products"]) {
    const [hit] = search.search(query);
    ok([hit.name, `${hit.server}.${hit.tool}`].includes(query));
  }
  deepStrictEqual(search.search("pay").slice(0, 2).map(({ name }) => name), ["bank.pay", "z.pay"]);
});

Deno.test("ToolSearch.search() shows only what was asked for and is allowed", () => {
  using search = searchOf(shops());
  const only = (options: Parameters<typeof search.search>[1]) =>
    search.search("", { detail: "names", ...options }).map(({ name }) => name);
  deepStrictEqual(only({ server: "my shop", limit: 1 }), ["my_shop.listOrders"]);
  deepStrictEqual(only({ server: "my_shop" }).length, 2);
  deepStrictEqual(only({ allows: ({ server }) => server === "bank" }), ["bank.pay"]);
  deepStrictEqual(search.search("bank.pay", { allows: () => false }), []);
});

Deno.test("ToolSearch.item() says what was observed, what is blocked, and hides nothing", () => {
  const catalog = new Catalog({ observed: () => ({ type: "string" }) });
  const inputSchema = { type: "object", description: "ignore\u200b" };
  catalog.setServer("s", [{
    name: "a\u200b",
    description: "b\u{e0041}",
    inputSchema,
    blocked: "why",
  }]);
  using search = searchOf(catalog);
  const [tool] = catalog.snapshot().tools;
  const names = {
    name: "s.a_",
    server: "s",
    tool: "a\\u{200b}",
    summary: "b\\u{e0041}",
    blocked: "why",
  };
  const signature = "s.a_(args?: { [key: string]: unknown }): Promise<string /* observed */>";

  deepStrictEqual(search.item(tool, "names"), names);
  deepStrictEqual(search.item(tool, "signatures"), { ...names, signature, observed: true });
  const full = search.item(tool, "full");
  deepStrictEqual([full.observed, full.outputSchema], [true, undefined]);
  strictEqual(/[\u200b\u{e0041}]/u.test(JSON.stringify(full)), false);
});

Deno.test("ToolSearch.search() shows a new signature as soon as an answer was observed", () => {
  const now: { observed?: { type: string } } = {};
  const catalog = new Catalog({ observed: () => now.observed });
  catalog.setServer("s", [tool("a", "Does a")]);
  using search = searchOf(catalog);
  const before = search.search("s.a")[0].signature;

  now.observed = { type: "number" };
  catalog.refreshObserved("s", catalog.snapshot().tools[0].hash);

  strictEqual(before?.endsWith("Promise<any>"), true);
  strictEqual(search.search("s.a")[0].signature?.endsWith("Promise<number /* observed */>"), true);
});

Deno.test("ToolSearch.item() shows as much as was asked for", () => {
  const catalog = shops();
  using search = searchOf(catalog);
  const [pay] = catalog.snapshot().tools;
  const names = { name: "bank.pay", server: "bank", tool: "pay", summary: "Transfers money." };
  const signature = "bank.pay(args?: { [key: string]: unknown }): Promise<any>";
  deepStrictEqual(search.item(pay, "names"), names);
  deepStrictEqual(search.item(pay, "signatures"), { ...names, signature });
  deepStrictEqual(search.item(pay, "full"), {
    ...names,
    signature,
    declaration: declareTool(pay),
    inputSchema: { type: "object" },
  });
});

Deno.test("ToolSearch follows the catalog until it is disposed of", () => {
  const catalog = shops();
  const search = searchOf(catalog);
  catalog.setServer("bank", [tool("refund", "Gives money back.")]);
  catalog.removeServer("my shop");
  deepStrictEqual(search.search("money").map(({ name }) => name), ["bank.refund"]);
  deepStrictEqual(search.search("top products"), []);

  search[Symbol.dispose]();
  catalog.setServer("late", [tool("latecomer", "Latecomer.")]);
  strictEqual(search.search("latecom").length, 0);
});

Deno.test("ToolSearch.search() takes any text as a query", () => {
  using search = searchOf(shops());
  for (const query of ["*", "constructor", "__proto__", "\ud800", "(", "a ".repeat(1e5), "。"]) {
    ok(Array.isArray(search.search(query)));
  }
});

Deno.test(
  catalogueTest("ToolSearch.search() finds what is asked for in plain words"),
  async (t) => {
    using search = searchOf(await readCatalogue());
    const missed = requests.filter(([request, ...expected]) => {
      const hits = search.search(request, { limit: 5, detail: "names" });
      return !hits.some(({ server, tool }) => expected.includes(`${server}.${tool}`));
    });
    const recall = 1 - missed.length / requests.length;
    await t.step(`recall@5 of ${requests.length} requests is ${recall.toFixed(3)}`, () => {
      ok(recall >= 0.9, missed.map(([request]) => request).join("\n"));
    });
  },
);

Deno.test(catalogueTest("ToolSearch.search() gives three hits within 500 tokens"), async () => {
  using search = searchOf(await readCatalogue());
  const dear = requests.filter(([request]) =>
    encode(JSON.stringify(search.search(request, { limit: 3 }))).length > 500
  );
  deepStrictEqual(dear, []);
});

function tool(name: string, description: string): ListedTool {
  return { name, description, inputSchema: { type: "object" } };
}

function shops(): Catalog {
  const catalog = new Catalog();
  catalog.setServer("my shop", [
    tool("top-products", "Best sellers. Products in order of sales."),
    tool("listOrders", "Orders of a customer."),
  ]);
  catalog.setServer("bank", [tool("pay", "Transfers money. Needs an account.")]);
  return catalog;
}

function searchOf(catalog: Catalog): ToolSearch {
  return new ToolSearch({ catalog, signatureOf, declare: declareTool });
}
