import { deepStrictEqual, match, notStrictEqual, strictEqual } from "assert";
import { Catalog } from "../../src/catalog/catalog.ts";
import type { ListedTool } from "../../src/catalog/tool.ts";
import { hashJson } from "../../src/hashing/hash_json.ts";

Deno.test("Catalog names tools by server and finds them in every form", () => {
  const catalog = new Catalog();
  catalog.setServer("my shop", [listed("top-products"), listed("v1.reviews")]);
  const { tools, servers, find } = catalog.snapshot();

  deepStrictEqual(tools.map(({ name }) => name), ["my_shop.top_products", "my_shop.v1_reviews"]);
  deepStrictEqual(servers, [{ name: "my shop", namespace: "my_shop" }]);
  const forms = ["my_shop.v1_reviews", "my shop.v1.reviews", "my_shop.v1.reviews"];
  for (const form of [...forms, "my shop.v1_reviews"]) strictEqual(find(form), tools[1]);
  for (const form of ["v1.reviews", "my shop", "toString", ""]) strictEqual(find(form), undefined);
});

Deno.test("Catalog.find() finds nothing where a text fits two tools", () => {
  const catalog = new Catalog();
  catalog.setServer("a", [listed("b.c")]);
  catalog.setServer("a.b", [listed("c")]);
  const { find } = catalog.snapshot();
  strictEqual(find("a.b.c"), undefined);
  strictEqual(find("a.b_c")?.server, "a");
  strictEqual(find("a_b.c")?.server, "a.b");
});

Deno.test("Catalog keeps servers and tools apart from the guest's own globals", () => {
  const catalog = new Catalog({ reserved: ["audit"] });
  catalog.setServer("memory", [listed("then"), listed("delete")]);
  catalog.setServer("audit", [listed("log")]);
  const names = catalog.snapshot().tools.map(({ name }) => name);
  deepStrictEqual(names, ["audit_.log", "memory_.delete_", "memory_.then_"]);
});

Deno.test("Catalog hashes what the server listed, without keys that are absent", () => {
  const catalog = new Catalog();
  const inputSchema = { type: "object" };
  catalog.setServer("s", [{ name: "a", inputSchema, title: "A" }, {
    ...listed("b"),
    description: "B",
  }]);
  const hashes = catalog.snapshot().tools.map(({ hash }) => hash);
  deepStrictEqual(hashes, [
    hashJson({ name: "a", inputSchema }),
    hashJson({ name: "b", inputSchema, description: "B" }),
  ]);
});

Deno.test("Catalog takes a tool whose JSON has no canonical form", () => {
  const catalog = new Catalog();
  catalog.setServer("s", [{ ...listed("a"), description: "\ud800" }, listed("b")]);
  const [a, b] = catalog.snapshot().tools;
  match(a.hash, /^[\w-]{43}$/);
  notStrictEqual(a.hash, b.hash);
});

Deno.test("Catalog keeps the first of two tools with one name", () => {
  const catalog = new Catalog();
  catalog.setServer("s", [{ ...listed("a"), title: "first" }, { ...listed("a"), title: "second" }]);
  deepStrictEqual(catalog.snapshot().tools.map(({ title }) => title), ["first"]);
});

Deno.test("Catalog leaves an old snapshot and unchanged tools as they are", () => {
  const catalog = new Catalog();
  catalog.setServer("s", [listed("a"), listed("b")]);
  const before = catalog.snapshot();
  catalog.setServer("s", [listed("a"), listed("c")]);
  const after = catalog.snapshot();

  strictEqual(after.find("s.a"), before.find("s.a"));
  strictEqual(before.find("s.b")?.name, "s.b");
  strictEqual(after.find("s.b"), undefined);
  strictEqual(after.revision, before.revision + 1);
});

Deno.test("Catalog renames a server when another one that is spelled so arrives, and back", () => {
  const catalog = new Catalog();
  catalog.setServer("my-shop", [listed("a")]);
  strictEqual(catalog.snapshot().find("my-shop.a")?.name, "my_shop.a");
  catalog.setServer("my_shop", [listed("a")]);
  strictEqual(catalog.snapshot().find("my_shop.a")?.server, "my_shop");
  match(catalog.snapshot().find("my-shop.a")?.name ?? "", /^my_shop_[0-9a-f]{4}\.a$/);
  catalog.removeServer("my_shop");
  strictEqual(catalog.snapshot().find("my-shop.a")?.name, "my_shop.a");
});

Deno.test("Catalog.onChange() tells of each change once, of nothing else, until it is ended", () => {
  const catalog = new Catalog();
  const revisions: number[] = [];
  const end = catalog.onChange(({ revision }) => revisions.push(revision));
  catalog.setServer("s", [listed("a")]);
  catalog.setServer("s", [listed("a")]);
  catalog.removeServer("unknown");
  catalog.removeServer("s");
  end();
  catalog.setServer("s", [listed("b")]);
  deepStrictEqual(revisions, [1, 2]);
});

function listed(name: string): ListedTool {
  return { name, inputSchema: { type: "object" } };
}
