/** How a tool is shown: an item of `GET /v1/tools`. @module */

import type { JsonSchema } from "../catalog/tool.ts";

/** How much of a tool is shown. */
export type Detail = "names" | "signatures" | "full";

/** What a search may be narrowed by. */
export interface SearchOptions {
  /** Only this server: its key or its namespace. */
  server?: string;
  /** How much of each tool is shown. @default {"signatures"} */
  detail?: Detail;
  /** How many tools at most. @default {10 with a query, all without} */
  limit?: number;
}

/** One tool as the model, the console and HTTP clients see it. */
export interface ToolItem {
  /** What code calls. */
  name: string;
  /** The key of its server. */
  server: string;
  /** What its server calls it. */
  tool: string;
  /** A name for people. */
  title?: string;
  /** First sentence of the description, at most 200 characters. */
  summary: string;
  /** `shop.top_products(args?: { limit?: number }): Promise<Product[]>` */
  signature?: string;
  /** With doc comments, and the named types it needs. */
  declaration?: string;
  /** As the server gave it. */
  inputSchema?: JsonSchema;
  /** As the server gave it. */
  outputSchema?: JsonSchema;
  /** The return type was learned from answers, not promised by the server. */
  observed?: boolean;
  /** Why it cannot be called for now. */
  blocked?: string;
}
