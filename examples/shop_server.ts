/**
 * A small shop as an MCP server on stdin and stdout: what Airlock connects
 * where nothing is configured. `deno run examples/shop_server.ts`. @module
 */

import { McpServer } from "@modelcontextprotocol/server";
import type { CallToolResult, ServerContext } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { StdioServerHandle } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";
import { drawBarChart } from "./bar_chart.ts";
import {
  averageRating,
  categories,
  createShopData,
  daysAgo,
  orderStatuses,
  toCents,
} from "./shop_data.ts";
import type { Order, Product, ShopData } from "./shop_data.ts";

const product = z.object({
  id: z.string().describe("Such as p7"),
  name: z.string(),
  category: z.enum(categories),
  price: z.number().describe("Euros"),
  stock: z.int().describe("How many are there"),
  sold: z.int().describe("How many were sold"),
  rating: z.number().describe("Mean of the ratings, 0 to 5"),
}).meta({ id: "Product", description: "Something the shop sells" });

const review = z.object({
  id: z.string(),
  productId: z.string(),
  rating: z.int().describe("1 to 5"),
  text: z.string(),
  author: z.string(),
  date: z.string().describe("Such as 2026-03-14"),
}).meta({ id: "Review", description: "What a customer wrote about a product" });

const order = z.object({
  id: z.string().describe("Such as o12"),
  productId: z.string(),
  quantity: z.int(),
  total: z.number().describe("Euros"),
  status: z.enum(orderStatuses),
  date: z.string().describe("Such as 2026-03-14"),
}).meta({ id: "Order", description: "What a customer bought" });

const productId = z.string().max(32).describe("Id of a product, such as p7");
const reads = { readOnlyHint: true, openWorldHint: false };

/** A shop of its own, with its own orders. Each connection gets one. */
export function createShopServer(): McpServer {
  const server = new McpServer({ name: "shop", title: "Example shop", version: "1.0.0" });
  const shop = createShopData();
  addProductTools(server, shop);
  addReviewTools(server, shop);
  addOrderTools(server, shop);
  addTroubleTools(server);
  return server;
}

/** Serves shops on stdin and stdout until stdin ends. */
export function serveShop(): StdioServerHandle {
  return serveStdio(createShopServer);
}

function addProductTools(server: McpServer, shop: ShopData): void {
  server.registerTool("top_products", {
    title: "Best sellers",
    description: "Lists the products that sold most, best first, in all categories or in one.",
    inputSchema: z.object({
      limit: z.int().min(1).max(100).default(10).describe("How many at most"),
      category: z.enum(categories).optional(),
    }),
    outputSchema: z.object({
      best: product.optional().describe("The one that sold most"),
      products: z.array(product),
      total: z.int().describe("How many there are without the limit"),
    }),
    annotations: reads,
  }, ({ limit, category }) => {
    const all = shop.products.filter((item) =>
      category === undefined || item.category === category
    );
    return structured({ best: all[0], products: all.slice(0, limit), total: all.length });
  });

  server.registerTool("product", {
    title: "Product",
    description: "Gives one product by its id.",
    inputSchema: z.object({ id: productId }),
    outputSchema: z.object({ product }),
    annotations: reads,
  }, ({ id }) => {
    const found = findProduct(shop, id);
    return found === undefined ? noProduct(id) : structured({ product: found });
  });

  server.registerTool("search_products", {
    title: "Search products",
    description: "Finds products whose name or category holds the query, in any case.",
    inputSchema: z.object({ query: z.string().max(200) }),
    annotations: reads,
  }, ({ query }) => {
    const wanted = query.toLowerCase();
    const holds = ({ name, category }: Product): boolean =>
      `${name} ${category}`.toLowerCase().includes(wanted);
    return json(shop.products.filter(holds));
  });
}

function addReviewTools(server: McpServer, shop: ShopData): void {
  server.registerTool("reviews", {
    title: "Reviews of a product",
    description: "Lists what customers wrote about a product, newest first, page by page.",
    inputSchema: z.object({
      id: productId,
      limit: z.int().min(1).max(100).default(20).describe("How many at most"),
      offset: z.int().min(0).default(0).describe("How many to skip"),
    }),
    outputSchema: z.object({
      product,
      reviews: z.array(review),
      total: z.int().describe("How many there are on all pages"),
      average: z.number().describe("Mean rating over all pages"),
    }),
    annotations: reads,
  }, ({ id, limit, offset }) => {
    const found = findProduct(shop, id);
    if (found === undefined) return noProduct(id);
    const all = shop.reviews.filter((item) => item.productId === id);
    return structured({
      product: found,
      reviews: all.slice(offset, offset + limit),
      total: all.length,
      average: averageRating(id, shop.reviews),
    });
  });

  server.registerTool("chart", {
    title: "Chart of ratings",
    description: "Draws how often each rating from 1 to 5 was given to a product, as a PNG.",
    inputSchema: z.object({ id: productId }),
    annotations: reads,
  }, ({ id }) => {
    if (findProduct(shop, id) === undefined) return noProduct(id);
    const ratings = shop.reviews.filter((item) => item.productId === id).map(({ rating }) =>
      rating
    );
    const counts = [1, 2, 3, 4, 5].map((wanted) => ratings.filter((rating) => rating === wanted));
    const data = drawBarChart(counts.map(({ length }) => length));
    return { content: [{ type: "image", data, mimeType: "image/png" }] };
  });
}

function addOrderTools(server: McpServer, shop: ShopData): void {
  server.registerTool("orders", {
    title: "Orders",
    description: "Lists orders, newest first, of one status or since a date if asked.",
    inputSchema: z.object({
      status: z.enum(orderStatuses).optional(),
      since: z.iso.date().optional().describe("Earliest date, such as 2026-03-14"),
    }),
    annotations: reads,
  }, ({ status, since = "" }) => {
    const isWanted = (item: Order): boolean =>
      (status === undefined || item.status === status) && item.date >= since;
    return json(shop.orders.filter(isWanted));
  });

  server.registerTool("create_order", {
    title: "Order a product",
    description: "Orders a product and takes it out of the stock.",
    inputSchema: z.object({
      product_id: productId,
      quantity: z.int().min(1).max(100).default(1),
    }),
    outputSchema: z.object({ order }),
    annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
  }, ({ product_id, quantity }) => {
    const found = findProduct(shop, product_id);
    if (found === undefined) return noProduct(product_id);
    if (found.stock < quantity) return failure(`Only ${found.stock} of "${found.name}" are left`);
    found.stock -= quantity;
    found.sold += quantity;
    const placed: Order = {
      id: `o${shop.orders.length + 1}`,
      productId: product_id,
      quantity,
      total: toCents(found.price * quantity),
      status: "pending",
      date: daysAgo(0),
    };
    shop.orders.unshift(placed);
    return structured({ order: placed });
  });
}

/** Tools that show what becomes of failures and of calls that take long. */
function addTroubleTools(server: McpServer): void {
  server.registerTool("flaky", {
    title: "Fail on demand",
    description: "Answers with an error where `fail` is true, to try out how code takes it.",
    inputSchema: z.object({
      fail: z.boolean().default(false),
      message: z.string().max(1000).default("The shop is closed"),
    }),
    annotations: { ...reads, idempotentHint: true },
  }, ({ fail, message }) => fail ? failure(message) : json({ ok: true }));

  server.registerTool("slow_report", {
    title: "Report that takes its time",
    description: "Takes `ms` milliseconds, tells its progress, and stops when it is cancelled.",
    inputSchema: z.object({ ms: z.int().min(0).max(60_000).default(1000) }),
    annotations: reads,
  }, async ({ ms }, context) => {
    const steps = 10;
    for (let step = 1; step <= steps; step++) {
      await pause(ms / steps, context.mcpReq.signal);
      if (context.mcpReq.signal.aborted) return failure("The report was cancelled");
      await reportProgress(context, step, steps);
    }
    return json({ steps, ms });
  });
}

async function reportProgress(context: ServerContext, step: number, steps: number): Promise<void> {
  const progressToken = context.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return;
  const message = `Page ${step} of ${steps}`;
  await context.mcpReq.notify({
    method: "notifications/progress",
    params: { progressToken, progress: step, total: steps, message },
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener("abort", finish);
  });
}

function findProduct(shop: ShopData, id: string): Product | undefined {
  return shop.products.find((item) => item.id === id);
}

function noProduct(id: string): CallToolResult {
  return failure(`There is no product "${id}"`);
}

function failure(text: string): CallToolResult {
  return { content: [{ type: "text", text }], isError: true };
}

function structured(value: Record<string, unknown>): CallToolResult {
  return { ...json(value), structuredContent: value };
}

function json(value: unknown): CallToolResult {
  return { content: [{ type: "text", text: JSON.stringify(value) }] };
}

if (import.meta.main) serveShop();
