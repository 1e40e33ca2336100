import { deepStrictEqual, match, strictEqual } from "assert";
import { createApp } from "../../src/http/create_app.ts";
import {
  fakeConfig,
  fakeDeps,
  fakeTools,
  keyedConfig,
  makeTool,
  post,
  secret,
} from "./fake_deps.ts";

const authorization = `Bearer ${secret}`;

Deno.test("toolRoutes() lists all tools in order of name", async () => {
  const { items } = await (await createApp(fakeDeps()).request("/v1/tools")).json();

  deepStrictEqual(namesOf(items), ["bank.pay", "shop.top_products"]);
});

Deno.test("toolRoutes() narrows by query, server and detail", async () => {
  const app = createApp(fakeDeps());

  const byQuery = await (await app.request("/v1/tools?q=%20pay&detail=names")).json();
  const byServer = await (await app.request("/v1/tools?server=shop")).json();
  const refused = await app.request("/v1/tools?detail=everything");

  strictEqual(byQuery.items[0].summary, "bank.pay with names");
  deepStrictEqual(namesOf(byServer.items), ["shop.top_products"]);
  deepStrictEqual([refused.status, (await refused.json()).errors[0].path], [400, "detail"]);
});

Deno.test("toolRoutes() gives every tool once, page by page", async () => {
  const tools = Array.from({ length: 7 }, (_, i) => makeTool("shop", `tool_${i}`));
  const app = createApp(fakeDeps({ tools: fakeTools(tools) }));

  const pages: string[][] = [];
  let cursor: string | undefined = "0";
  while (cursor !== undefined) {
    const page = await (await app.request(`/v1/tools?limit=3&cursor=${cursor}`)).json();
    pages.push(namesOf(page.items));
    cursor = page.cursor;
  }

  deepStrictEqual(pages.map((page) => page.length), [3, 3, 1]);
  deepStrictEqual(pages.flat(), tools.map((tool) => tool.name));
});

Deno.test("toolRoutes() hides what the key may not call, in lists and by name", async () => {
  const app = createApp(fakeDeps({ config: keyedConfig() }));
  const headers = { authorization };

  const { items } = await (await app.request("/v1/tools", { headers })).json();
  const hidden = await app.request("/v1/tools/bank.pay", { headers });
  const near = await (await app.request("/v1/tools/bank.pai", { headers })).json();

  deepStrictEqual(namesOf(items), ["shop.top_products"]);
  strictEqual(hidden.status, 404);
  strictEqual(near.hint, undefined);
});

Deno.test("toolRoutes() shows one tool with its hash and the rules that match it", async () => {
  const rules = [
    { tool: "shop.*", effect: "ask" as const },
    { tool: "bank.*", effect: "deny" as const },
  ];
  const app = createApp(fakeDeps({ config: fakeConfig({ policy: rules }) }));

  const tool = await (await app.request("/v1/tools/shop.top_products")).json();

  deepStrictEqual(tool, {
    name: "shop.top_products",
    server: "shop",
    tool: "top_products",
    summary: "shop.top_products with full",
    hash: "hash of top_products",
    policy: [rules[0]],
  });
});

Deno.test("toolRoutes() finds original names, percent-encoded", async () => {
  const tools = ["a/b", "a b", "100%", "a%2Fb", "größe?", "a#b"];
  const app = createApp(fakeDeps({ tools: fakeTools(tools.map((t) => makeTool("s", t, "m"))) }));

  const found = await Promise.all(tools.map(async (tool) => {
    const response = await app.request(`/v1/tools/${encodeURIComponent(`s.${tool}`)}`);
    return (await response.json()).tool;
  }));

  deepStrictEqual(found, tools);
});

Deno.test("toolRoutes() answers 404 with the nearest name", async () => {
  const response = await createApp(fakeDeps()).request("/v1/tools/shop.top_product");

  strictEqual(response.status, 404);
  match((await response.json()).hint, /"shop.top_products"/);
});

Deno.test("toolRoutes() answers 409 to accepting where no change is pending", async () => {
  const app = createApp(fakeDeps());

  const none = await app.request("/v1/tools/bank.pay/accept", post({ hash: "x" }));
  const wrong = await app.request("/v1/tools/bank.pay/accept", post({ hsah: "x" }));
  const absent = await app.request("/v1/tools/bank.nothing/accept", post({ hash: "x" }));

  deepStrictEqual([none.status, wrong.status, absent.status], [409, 400, 404]);
});

Deno.test("toolRoutes() shows a pending change and accepts it by its hash", async () => {
  const accepted: string[] = [];
  const after = { name: "pay", inputSchema: true };
  const pending = { hash: "new", diff: "+ more", after };
  const tools = {
    ...fakeTools([makeTool("bank", "pay")]),
    pendingChange: () => accepted.length === 0 ? pending : undefined,
    accept: ({ name }: { name: string }, hash: string) =>
      Promise.resolve(void accepted.push(`${name} ${hash}`)),
  };
  const app = createApp(fakeDeps({ tools }));

  const before = await (await app.request("/v1/tools/bank.pay")).json();
  const answer = await app.request("/v1/tools/bank.pay/accept", post({ hash: "new" }));

  deepStrictEqual(before.pendingChange, pending);
  deepStrictEqual([answer.status, accepted], [200, ["bank.pay new"]]);
  strictEqual("pendingChange" in await answer.json(), false);
});

function namesOf(items: { name: string }[]): string[] {
  return items.map((item) => item.name);
}
