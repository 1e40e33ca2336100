import { deepStrictEqual, rejects, strictEqual } from "assert";
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import type { JSONRPCMessage } from "@modelcontextprotocol/client";
import { listTools } from "../../src/mcp/list_tools.ts";
import type { ToolListing } from "../../src/mcp/list_tools.ts";
import { oddConfig, signal } from "./fixtures/upstream_fixtures.ts";
import { environment } from "./fixtures/upstream_fixtures.ts";
import { openConnection } from "../../src/mcp/open_connection.ts";

const inputSchema = { type: "object" };

Deno.test("listTools() follows all pages and keeps bad tools from costing the others", async () => {
  const connection = await openConnection(oddConfig("bad_tools"), { environment, signal });

  const { tools, quarantined } = await listTools(connection.client, { signal, timeoutMs: 5000 });

  await connection.close();
  deepStrictEqual(tools.map(({ name }) => name), [
    "good",
    "no_type",
    "array_output",
    "network_ref",
    "second page",
  ]);
  deepStrictEqual(
    quarantined.map(({ tool, reason }) => [
      tool.slice(0, 12),
      reason.replace("Cannot use the tool: ", ""),
    ]),
    [
      ["good", "another one has the same name"],
      ["(tool 3)", "it has no name"],
      ["(tool 4)", "it has no name"],
      ["nnnnnnnnnnnn", "its name is longer than 256 characters"],
      ["text_schema", "its inputSchema is not an object"],
      ["deep", "its inputSchema is nested deeper than 64"],
      ["(tool 11)", "it is not an object"],
    ],
  );
});

Deno.test("listTools() stops where a cursor comes again, and says so", async () => {
  const { listing, requests } = await listFrom(() => ({
    tools: [{ name: "a", inputSchema }],
    nextCursor: "same",
  }));

  strictEqual(requests, 2);
  deepStrictEqual(listing.quarantined.map(({ reason }) => reason), [
    "Cannot use the tool: another one has the same name",
    "Cannot read the list on: the server repeats a cursor",
  ]);
});

Deno.test("listTools() asks for 64 pages at most", async () => {
  const { listing, requests } = await listFrom((page) => ({
    tools: [{ name: `t${page}`, inputSchema }],
    nextCursor: String(page),
  }));

  strictEqual(requests, 64);
  strictEqual(listing.tools.length, 64);
  deepStrictEqual(listing.quarantined, [{
    tool: "(further tools)",
    reason: "Cannot read the list on: there are more than 64 pages",
  }]);
});

Deno.test("listTools() takes 10,000 tools at most", async () => {
  const tools = Array.from({ length: 10_001 }, (_, i) => ({ name: `t${i}`, inputSchema }));

  const { listing } = await listFrom(() => ({ tools }));

  strictEqual(listing.tools.length, 10_000);
  strictEqual(
    listing.quarantined[0].reason,
    "Cannot read the list on: there are more than 10000 tools",
  );
});

Deno.test("listTools() finds nothing on a server that knows no tools", async () => {
  const { listing } = await listFrom(() => undefined);

  deepStrictEqual([listing.tools, listing.quarantined], [[], []]);
});

Deno.test("listTools() rejects a list that is none", async () => {
  await rejects(listFrom(() => ({ tools: "many" })));
});

async function listFrom(
  page: (index: number) => unknown,
): Promise<{ listing: ToolListing; requests: number }> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  let requests = 0;
  const answer = (message: JSONRPCMessage): unknown => {
    if (!("method" in message)) return undefined;
    if (message.method !== "initialize") return page(requests++);
    const serverInfo = { name: "x", version: "1" };
    return { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo };
  };
  far.onmessage = (message) => {
    if (!("id" in message) || message.id === undefined) return;
    const result = answer(message);
    const error = { code: -32601, message: "Unknown method" };
    const body = result === undefined ? { error } : { result };
    // What is sent is as odd as a server may be, so it is no message of the SDK's type.
    far.send(JSON.parse(JSON.stringify({ jsonrpc: "2.0", id: message.id, ...body })));
  };
  await far.start();
  const client = new Client({ name: "test", version: "1" });
  await client.connect(near);
  try {
    return { listing: await listTools(client, { signal, timeoutMs: 5000 }), requests };
  } finally {
    await client.close();
  }
}
