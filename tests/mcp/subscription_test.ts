import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { deepStrictEqual } from "assert";
import { z } from "zod";
import { Upstreams } from "../../src/mcp/upstreams.ts";
import { environment, FakeCatalog, httpConfig } from "./fixtures/upstream_fixtures.ts";
import { serve } from "./fixtures/web_servers.ts";

Deno.test("keepSubscribed() hears of changes, and again after the stream was dropped", async () => {
  let names = ["first"];
  let listens = 0;
  const drops: (() => void)[] = [];
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "changing", version: "1.0.0" });
    for (const name of names) {
      server.registerTool(name, { inputSchema: z.object({}) }, () => ({ content: [] }));
    }
    return server;
  });
  await using server = serve(async (request) => {
    const isListening = request.headers.get("mcp-method") === "subscriptions/listen";
    const response = await handler.fetch(request);
    if (!isListening || response.body === null) return response;
    listens++;
    const { readable, writable } = new TransformStream();
    const dropped = new AbortController();
    drops.push(() => dropped.abort("dropped"));
    void response.body.pipeTo(writable, { signal: dropped.signal }).catch(() => "ended");
    return new Response(readable, response);
  });
  const catalog = new FakeCatalog();
  await using upstreams = new Upstreams(
    { servers: [httpConfig(server.url, { era: "auto" })], disabledServers: [] },
    { catalog, environment },
  );
  upstreams.start();
  await upstreams.ready();
  const before = catalog.names("web");

  names = ["first", "second"];
  drops[0]();
  await catalog.until((catalog) => catalog.names("web").length === 2);

  deepStrictEqual([before, catalog.names("web"), listens], [["first"], ["first", "second"], 2]);
});
