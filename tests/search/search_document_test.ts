import { deepStrictEqual, ok } from "assert";
import { searchDocument } from "../../src/search/search_document.ts";

const tool = {
  name: "my_shop.top",
  server: "my shop",
  tool: "top",
  namespace: "my_shop",
  member: "top",
  hash: "",
};

Deno.test("searchDocument() collects names, purpose, details and parameters", () => {
  const inputSchema = { properties: { limit: { description: "How many" }, odd: true } };
  const description = "Best sellers. Of this week.";
  deepStrictEqual(searchDocument({ ...tool, title: "Top", description, inputSchema }), {
    id: "my_shop.top",
    name: "top",
    server: "my shop",
    title: "Top",
    purpose: "Best sellers.",
    details: " Of this week.",
    parameters: "limit How many odd ",
  });
});

Deno.test("searchDocument() bounds what a server sent", () => {
  const many = Array.from({ length: 5_000 }, (_, i) => [`p${i}`, { description: "x".repeat(999) }]);
  const inputSchema = { properties: Object.fromEntries(many) };
  const document = searchDocument({ ...tool, description: "x".repeat(1e6), inputSchema });
  ok(JSON.stringify(document).length < 12_000);
});
