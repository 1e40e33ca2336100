/** What a model has to read: the list of MCP tools, and the answer of a search. @module */

import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { BenchServer } from "./bench_server.ts";
import type { Figure, Section } from "./figure.ts";

/** Tokens (o200k) of what goes into a model's context. */
export const tokensSection: Section = {
  name: "tokens",
  measure: async () => {
    await using server = await BenchServer.start();
    await using client = await server.connect();
    const { tools } = await client.listTools();
    const search = { query: "reviews of a product", limit: 3 };
    const { content } = await client.callTool({ name: "search", arguments: search });
    const text = content.map((block) => block.type === "text" ? block.text : "").join("\n");
    return [
      figure("the list of MCP tools", JSON.stringify(tools), "at most 700"),
      figure("the answer of a search for three tools", text, "at most 500"),
    ];
  },
};

function figure(name: string, text: string, aim: string): Figure {
  return { name, isolation: "none", unit: "tokens", value: countTokens(text), aim };
}
