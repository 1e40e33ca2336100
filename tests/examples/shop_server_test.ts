import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { deepStrictEqual, ok, strictEqual } from "assert";
import { createShopServer } from "../../examples/shop_server.ts";
import { StdioTransport } from "../../src/mcp/stdio_transport.ts";

const script = new URL("../../examples/shop_server.ts", import.meta.url).pathname;

Deno.test("createShopServer() lists its tools, with shared types and honest annotations", async () => {
  await using shop = await open();

  const { tools } = await shop.client.listTools();

  deepStrictEqual(tools.map(({ name }) => name), [
    "top_products",
    "product",
    "search_products",
    "reviews",
    "chart",
    "orders",
    "create_order",
    "flaky",
    "slow_report",
  ]);
  deepStrictEqual(
    tools.filter(({ annotations }) => annotations?.readOnlyHint !== true).map(({ name }) => name),
    ["create_order"],
  );
  deepStrictEqual(
    tools.filter(({ outputSchema }) => outputSchema !== undefined).map(({ name }) => name),
    ["top_products", "product", "reviews", "create_order"],
  );
  deepStrictEqual(Object.keys(Object(tools[0].outputSchema?.$defs)), ["Product"]);
  ok(tools.every(({ description }) => (description ?? "").length > 20));
});

Deno.test("createShopServer() answers about products and reviews", async () => {
  await using shop = await open();

  const top = await shop.call("top_products", { limit: 2, category: "toys" });
  const { best, products, total } = Object(top.structuredContent);
  const reviews = Object((await shop.call("reviews", { id: best.id, limit: 3 })).structuredContent);
  const [found] = await shop.json("search_products", { query: best.name.toUpperCase() });

  deepStrictEqual([products.length, total, products[0]], [2, 4, best]);
  deepStrictEqual([reviews.reviews.length, reviews.average], [3, best.rating]);
  deepStrictEqual(found, best);
});

Deno.test("createShopServer() pages through reviews without gap or overlap", async () => {
  await using shop = await open();
  const page = async (offset: number, limit: number): Promise<unknown[]> =>
    Object((await shop.call("reviews", { id: "p1", offset, limit })).structuredContent).reviews;

  deepStrictEqual([...await page(0, 4), ...await page(4, 5)], await page(0, 9));
});

Deno.test("createShopServer() takes orders until the stock is empty, each shop its own", async () => {
  await using shop = await open();
  await using other = await open();
  const { product } = Object((await shop.call("product", { id: "p1" })).structuredContent);
  const quantity = product.stock;

  const placed = await shop.call("create_order", { product_id: "p1", quantity });
  const refused = await shop.call("create_order", { product_id: "p1" });

  const { order } = Object(placed.structuredContent);
  deepStrictEqual([order.status, order.quantity], ["pending", quantity]);
  deepStrictEqual((await shop.json("orders", { since: order.date }))[0], order);
  deepStrictEqual([refused.isError, refused.content], [true, [
    { type: "text", text: `Only 0 of "${product.name}" are left` },
  ]]);
  ok(!(await other.json("orders", {})).some(({ id }) => id === order.id));
});

Deno.test("createShopServer() fails on demand, draws, and says what it does not know", async () => {
  await using shop = await open();

  const failed = await shop.call("flaky", { fail: true, message: "closed for lunch" });
  const chart = await shop.call("chart", { id: "p1" });
  const unknown = await shop.call("reviews", { id: "p99" });

  deepStrictEqual(failed, {
    isError: true,
    content: [{ type: "text", text: "closed for lunch" }],
  });
  deepStrictEqual(await shop.json("flaky", {}), { ok: true });
  strictEqual(Object(chart.content)[0].mimeType, "image/png");
  strictEqual(Object(unknown.content)[0].text, 'There is no product "p99"');
});

Deno.test("createShopServer() tells progress and stops a report that is cancelled", async () => {
  await using shop = await open();
  const stop = new AbortController();
  const seen: number[] = [];
  const onprogress = ({ progress }: { progress: number }): void => {
    seen.push(progress);
    if (seen.length === 3) stop.abort("enough");
  };
  const request = { name: "slow_report", arguments: { ms: 100 } };

  const outcome = await shop.client.callTool(request, { signal: stop.signal, onprogress })
    .catch((error: unknown) => String(error));

  ok(String(outcome).includes("enough"));
  deepStrictEqual(seen, [1, 2, 3]);
});

Deno.test("shop_server.ts serves on stdio without permissions, and leaves when its input ends", async () => {
  const args = ["run", "--no-prompt", "--no-check", script];
  const command = { command: Deno.execPath(), args, env: Deno.env.toObject() };
  const transport = new StdioTransport(command, { graceMs: 60_000 });
  const client = new Client({ name: "test", version: "1" });

  await client.connect(transport);
  const { tools } = await client.listTools();
  await client.close();

  strictEqual(tools.length, 9);
  strictEqual(transport.stderr, "");
});

interface Shop extends AsyncDisposable {
  readonly client: Client;
  call(name: string, args: Record<string, unknown>): ReturnType<Client["callTool"]>;
  json(name: string, args: Record<string, unknown>): Promise<{ id: string }[]>;
}

async function open(): Promise<Shop> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const server = createShopServer();
  await server.connect(far);
  const client = new Client({ name: "test", version: "1" });
  await client.connect(near);
  const call: Shop["call"] = (name, args) => client.callTool({ name, arguments: args });
  return {
    client,
    call,
    json: async (name, args) => JSON.parse(Object((await call(name, args)).content)[0].text),
    async [Symbol.asyncDispose]() {
      await client.close();
      await server.close();
    },
  };
}
