import { deepStrictEqual, rejects } from "assert";
import type { ListedTool } from "../../src/catalog/tool.ts";
import { callTool } from "../../src/mcp/call_tool.ts";
import { listTools } from "../../src/mcp/list_tools.ts";
import { openConnection } from "../../src/mcp/open_connection.ts";
import type { Connection } from "../../src/mcp/open_connection.ts";
import { toUpstreamError } from "../../src/mcp/to_upstream_error.ts";
import {
  environment,
  httpConfig,
  oddConfig,
  signal,
  signedCall,
} from "./fixtures/upstream_fixtures.ts";
import { serveModern } from "./fixtures/web_servers.ts";

const options = { signal, timeoutMs: 10_000 };

Deno.test("callTool() takes an answer that contradicts what the tool promises", async () => {
  const connection = await openConnection(oddConfig("bad_tools"), { environment, signal });
  const { tools } = await listTools(connection.client, options);

  const result = await callTool(
    connection,
    signedCall("odd", named(tools, "network_ref")),
    options,
  );

  await connection.close();
  deepStrictEqual(result, { structuredContent: ["a"], content: [] });
});

Deno.test("callTool() sends arguments in headers where the schema asks for it", async () => {
  await using server = serveModern();
  const connection = await openWeb(server.url);
  const { tools } = await listTools(connection.client, options);
  const call = signedCall("web", named(tools, "region"), { region: "eu" });

  const result = await callTool(connection, call, options);

  await connection.close();
  deepStrictEqual(Reflect.get(Object(result), "structuredContent"), { region: "eu eu" });
});

Deno.test("callTool() declines to give input", async () => {
  await using server = serveModern();
  const connection = await openWeb(server.url);
  const { tools } = await listTools(connection.client, options);

  const failure = await callTool(connection, signedCall("web", named(tools, "ask")), options)
    .catch(toUpstreamError);

  await connection.close();
  deepStrictEqual(
    [Reflect.get(Object(failure), "kind"), Reflect.get(Object(failure), "message")],
    ["refused", "it asks for input, and nobody is there to give it"],
  );
});

Deno.test("callTool() rejects when the time is over", async () => {
  const connection = await openConnection(oddConfig("silent"), { environment, signal });
  const call = signedCall("odd", { name: "wait", inputSchema: true });

  const late = callTool(connection, call, { signal, timeoutMs: 1 });

  await rejects(late, { code: "REQUEST_TIMEOUT" });
  await connection.close();
});

function openWeb(url: string): Promise<Connection> {
  return openConnection(httpConfig(url, { era: "modern" }), { environment, signal });
}

function named(tools: readonly ListedTool[], name: string): ListedTool {
  return tools.find((tool) => tool.name === name) ?? { name, inputSchema: true };
}
