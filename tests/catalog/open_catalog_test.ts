import { deepStrictEqual } from "assert";
import { openCatalog } from "../../src/catalog/open_catalog.ts";

Deno.test("openCatalog() remembers pins and observed answers over a restart", async () => {
  using kv = await Deno.openKv(":memory:");
  const listed = { name: "a", description: "A", inputSchema: true };
  {
    await using first = await openCatalog(kv);
    first.pins.setServer("s", [listed]);
    first.observed.observe(first.catalog.snapshot().tools[0], "x");
  }

  await using second = await openCatalog(kv);
  second.pins.setServer("s", [{ ...listed, description: "B" }]);
  const [{ description, observed, blocked }] = second.catalog.snapshot().tools;

  deepStrictEqual([description, observed, blocked !== undefined], ["A", { type: "string" }, true]);
});
