/**
 * Three agents that work out of the box with a key: they need Airlock's
 * embedded shop, and one of them the files of a folder. `deno task try-model`
 * runs them against whatever model is configured. @module
 */

import { fileURLToPath } from "node:url";

/** An agent, the settings it wants, and what is asked of it. */
export interface ExampleAgent {
  /** Its name. */
  name: string;
  /** The body of `PUT /v1/agents/:name`. */
  definition: {
    instructions: string;
    tools?: string[];
    limits?: Record<string, number>;
  };
  /** What goes into `airlock.json`, beside the model. */
  settings: Record<string, unknown>;
  /** The message that is sent; absent where an alarm brings it. */
  message?: string;
  /** The alarm that is set. */
  schedule?: { cron?: string; timeZone?: string; delayMs?: number; message: string };
}

const shop = {
  command: Deno.execPath(),
  args: ["run", "-A", fileURLToPath(new URL("./shop_server.ts", import.meta.url))],
};

/** Reads files, and answers with where it found what it says. */
export const researcher: ExampleAgent = {
  name: "researcher",
  definition: {
    instructions:
      "Answer questions about the files in the folder you are given. List them first, " +
      "read only those that matter, filter in code, and name the file behind each statement.",
    tools: ["files.read_*", "files.list_*", "files.search_*", "files.directory_tree", "memory.*"],
  },
  settings: {
    mcpServers: {
      files: {
        command: "npx",
        args: ["-y", "@modelcontextprotocol/server-filesystem", Deno.cwd()],
      },
    },
  },
  message: "Which files are there, and what are they about?",
};

/** Helps customers; whatever writes waits for a person. */
export const shopAssistant: ExampleAgent = {
  name: "shop-assistant",
  definition: {
    instructions: "Help customers of the shop. Look products and reviews up before you advise. " +
      "Orders are placed only when the customer has asked for exactly that; a person approves them.",
    tools: ["shop.*", "memory.*"],
  },
  settings: {
    mcpServers: { shop },
    policy: [{ tool: "shop.create_order", effect: "ask" }],
  },
  message: "Which are the three best products, and what do their buyers say?",
};

/** Writes a report each night, and remembers the one before. */
export const nightlyReport: ExampleAgent = {
  name: "nightly-report",
  definition: {
    instructions: "When your alarm comes, sum up the shop: the three best products and how their " +
      "average rating has changed since your last report. Keep each report with memory.set().",
    tools: ["shop.top_products", "shop.reviews", "memory.*"],
  },
  settings: { mcpServers: { shop } },
  schedule: { cron: "0 2 * * *", timeZone: "Europe/Berlin", message: "Write tonight's report." },
};

/** All of them. */
export const exampleAgents: readonly ExampleAgent[] = [researcher, shopAssistant, nightlyReport];
