/** A client of an MCP server in this process. @module */

import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { localPrincipal } from "../../src/grants/principal.ts";
import { createMcpServer } from "../../src/mcp_server/create_server.ts";
import type { McpServerDeps } from "../../src/mcp_server/mcp_server_deps.ts";

/** Connects a client to a server over fakes. */
export async function connect(deps: McpServerDeps): Promise<Client & AsyncDisposable> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const server = createMcpServer(deps, localPrincipal, { instructions: "" });
  await server.connect(far);
  const client = new Client({ name: "test", version: "1" });
  await client.connect(near);
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}
