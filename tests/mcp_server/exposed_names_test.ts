import { deepStrictEqual, strictEqual } from "assert";
import { Catalog } from "../../src/catalog/catalog.ts";
import { ExposedNames } from "../../src/mcp_server/exposed_names.ts";

Deno.test("ExposedNames.of() shows own names of one server, and servers where there are several", () => {
  const own = { server: "a.b", name: "get it" };

  strictEqual(new ExposedNames(["a.b"]).of(own), "get it");
  strictEqual(new ExposedNames(["a", "a.b"]).of(own), "a.b.get it");
});

Deno.test("ExposedNames.readings() takes the longest key first", () => {
  const names = new ExposedNames(["a", "a.b", "c"]);

  deepStrictEqual(names.readings("a.b.c"), [
    { server: "a.b", name: "c" },
    { server: "a", name: "b.c" },
  ]);
  deepStrictEqual(names.readings("d.e"), []);
});

Deno.test("ExposedNames.tool() finds the tool that there is among the readings", () => {
  const catalog = new Catalog();
  catalog.setServer("a", [{ name: "b.c", inputSchema: {} }]);
  catalog.setServer("a.b", [{ name: "d", inputSchema: {} }]);
  const names = new ExposedNames(["a", "a.b"]);

  strictEqual(names.tool("a.b.c", catalog.snapshot())?.server, "a");
  strictEqual(names.tool("a.b.d", catalog.snapshot())?.server, "a.b");
  strictEqual(names.tool("a.b.e", catalog.snapshot()), undefined);
});
