import { match, ok, strictEqual } from "assert";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { connect } from "./connect.ts";
import { fakeDeps } from "./fake_runs.ts";

Deno.test("searchTool() shows three hits of a search in at most 500 tokens", async () => {
  const signature = "shop.find_things(args: { " +
    Array.from({ length: 60 }, (_, i) => `option_${i}?: "left" | "right"; `).join("") + "})";
  await using client = await connect(fakeDeps({
    search: () =>
      ["a", "b", "c"].map((tool) => ({
        name: `shop.${tool}`,
        server: "shop",
        tool,
        summary: "Finds things of many kinds, wherever they may be. ".repeat(4),
        signature,
      })),
  }));

  const answer = await client.callTool({ name: "search", arguments: { query: "things" } });

  const { text } = Object(answer.content)[0];
  strictEqual(text.split("\n").length, 3);
  ok(countTokens(text) <= 500, `${countTokens(text)} tokens`);
});

Deno.test("searchTool() says so where a search finds nothing", async () => {
  await using client = await connect(fakeDeps());

  const answer = await client.callTool({ name: "search", arguments: { query: "xyz" } });

  match(Object(answer.content)[0].text, /No tool matches "xyz"/);
});
