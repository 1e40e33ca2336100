import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import { RunGrants } from "../../src/grants/run_grants.ts";
import type { Json } from "../../src/protocol/json.ts";
import type { GuestQuery } from "../../src/protocol/messages.ts";
import { answerQuery } from "../../src/runs/answer_query.ts";
import { openRealTools, type RealTools } from "./real_runs.ts";

Deno.test("answerQuery() searches among the tools that the run may call, and no others", async () => {
  using tools = await openTwoServers();
  const detail = "names";

  const shops = await ask(tools, "search", { options: { detail } }, ["shop.*"]);
  const limited = await ask(tools, "search", { options: { detail, limit: 1 } }, ["*"]);
  const named = await ask(tools, "search", { query: "find things", options: { detail } }, ["*"]);

  deepStrictEqual(namesIn(shops), ["shop.orders", "shop.reviews"]);
  deepStrictEqual(namesIn(limited), ["crm.find"]);
  strictEqual(namesIn(named)[0], "crm.find");
});

Deno.test("answerQuery() describes a tool by its declaration, with what it is for", async () => {
  using tools = await openTwoServers();

  const declaration = await ask(tools, "describe", { name: "shop.reviews" });

  ok(typeof declaration === "string" && declaration.includes("The reviews of things"));
  ok(declaration.includes("reviews("));
});

Deno.test("answerQuery() knows no tool that the run may not call, and suggests none of them", async () => {
  using tools = await openTwoServers();

  await rejects(ask(tools, "describe", { name: "shop.revews" }), {
    code: "tool_unknown",
    message: 'Cannot describe "shop.revews": there is no such tool',
    hint: 'Perhaps "shop.reviews" was meant',
  });
  await rejects(ask(tools, "describe", { name: "shop.reviews" }, ["crm.*"]), {
    code: "tool_unknown",
    message: 'Cannot describe "shop.reviews": there is no such tool',
    hint: undefined,
  });
});

Deno.test("answerQuery() refuses what is not asked in its form", async () => {
  using tools = await openTwoServers();
  const wrong: [GuestQuery, Json][] = [
    ["search", { query: 1 }],
    ["search", { query: "x".repeat(1_001) }],
    ["search", { options: { limit: 0 } }],
    ["search", { options: { detail: "everything" } }],
    ["describe", null],
    ["describe", { name: ["shop.reviews"] }],
  ];

  for (const [query, args] of wrong) {
    await rejects(ask(tools, query, args), { code: "invalid_arguments" });
  }
  await rejects(ask(tools, "resource", { uri: "file:///etc/passwd" }), { code: "tool_failed" });
});

function openTwoServers(): Promise<RealTools> {
  return openRealTools({ tools: { reviews: () => [], orders: () => [] } });
}

async function ask(
  { catalog, deps }: RealTools,
  query: GuestQuery,
  args: Json,
  globs = ["*"],
): Promise<Json> {
  const principal = { name: "a", tools: ["*"] };
  const named = { run: "run_1", principal, catalog: catalog.snapshot(), tools: globs };
  return await answerQuery(query, args, {
    grants: new RunGrants(named),
    search: deps.search,
  }, new AbortController().signal);
}

function namesIn(items: Json): unknown[] {
  if (!Array.isArray(items)) throw new TypeError("Not a list");
  return items.map((item) => Object(item).name);
}
