import { deepStrictEqual, rejects } from "assert";
import { createMcpHandler, McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import { Upstreams } from "../../src/mcp/upstreams.ts";
import { environment, FakeCatalog, httpConfig, signal } from "./fixtures/upstream_fixtures.ts";
import { serve } from "./fixtures/web_servers.ts";
import type { WebServer } from "./fixtures/web_servers.ts";

const servers = ["a", "b"];

Deno.test("ResourceReader.read() asks the server that lists a resource, or has a template for it", async () => {
  await using fixture = await start();
  const { upstreams } = fixture;

  const listed = await upstreams.readResource("a://one", { servers, signal });
  const templated = await upstreams.readResource("b://items/7", { servers, signal });

  deepStrictEqual(listed, {
    server: "a",
    contents: [{ uri: "a://one", mimeType: "text/plain", text: "one of a" }],
  });
  deepStrictEqual(templated, {
    server: "b",
    contents: [{ uri: "b://items/7", blob: "AQID" }],
  });
});

Deno.test("ResourceReader.read() asks nobody where several list it, or no one, unless one is named", async () => {
  await using fixture = await start();
  const { upstreams } = fixture;

  const named = await upstreams.readResource("all://shared", { server: "b", servers, signal });

  deepStrictEqual(named.contents[0].text, "shared of b");
  await rejects(upstreams.readResource("all://shared", { servers, signal }), {
    code: "tool_failed",
    message: 'Cannot read "all://shared": more than one server lists it',
  });
  await rejects(upstreams.readResource("file:///etc/passwd", { servers, signal }), {
    code: "tool_failed",
    message: 'Cannot read "file:///etc/passwd": no server lists it',
  });
});

Deno.test("ResourceReader.read() asks no server that may not be asked", async () => {
  await using fixture = await start();
  const { upstreams } = fixture;

  await rejects(upstreams.readResource("a://one", { server: "a", servers: ["b"], signal }), {
    code: "tool_denied",
    message: 'Cannot read "a://one": no tool of server "a" may be called',
  });
  await rejects(upstreams.readResource("a://one", { servers: ["b"], signal }), {
    code: "tool_failed",
  });
});

async function start(): Promise<AsyncDisposable & { upstreams: Upstreams }> {
  const [a, b] = [serveResources("a"), serveResources("b")];
  const configs = [httpConfig(a.url, { name: "a", era: "auto" }), httpConfig(b.url, { name: "b" })];
  const upstreams = new Upstreams(
    { servers: configs, disabledServers: [] },
    { catalog: new FakeCatalog(), environment },
  );
  upstreams.start();
  await upstreams.ready();
  return {
    upstreams,
    async [Symbol.asyncDispose]() {
      await upstreams[Symbol.asyncDispose]();
      await Promise.all([a[Symbol.asyncDispose](), b[Symbol.asyncDispose]()]);
    },
  };
}

function serveResources(name: string): WebServer {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name, version: "1.0.0" });
    const mimeType = "text/plain";
    server.registerResource("one", `${name}://one`, {}, ({ href }) => ({
      contents: [{ uri: href, mimeType, text: `one of ${name}` }],
    }));
    server.registerResource("shared", "all://shared", {}, ({ href }) => ({
      contents: [{ uri: href, text: `shared of ${name}` }],
    }));
    const template = new ResourceTemplate(`${name}://items/{id}`, { list: undefined });
    server.registerResource("item", template, {}, ({ href }) => ({
      contents: [{ uri: href, blob: "AQID" }],
    }));
    return server;
  });
  return serve((request) => handler.fetch(request));
}
