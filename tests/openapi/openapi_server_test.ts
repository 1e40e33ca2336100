import { deepStrictEqual, rejects, strictEqual } from "assert";
import { OpenApiServer } from "../../src/openapi/openapi_server.ts";
import { FakeCatalog, signal, signedCall } from "../mcp/fixtures/upstream_fixtures.ts";
import { serve } from "../mcp/fixtures/web_servers.ts";
import { documentOf } from "./fixtures/documents.ts";

const document = documentOf({ "/a": { get: { operationId: "a" } } });

Deno.test("OpenApiServer.load() reads once for all who wait", async () => {
  let requests = 0;
  await using web = serve(() => {
    requests++;
    return Response.json(document);
  });
  await using server = open(web.port, new FakeCatalog());

  await Promise.all([server.load(), server.load()]);

  deepStrictEqual([requests, server.state.state], [1, "ready"]);
});

Deno.test("OpenApiServer.load() gives a document up that takes too long", async () => {
  const late = Promise.withResolvers<Response>();
  await using web = serve(() => late.promise);
  await using server = open(web.port, new FakeCatalog(), 100);

  await server.load();
  late.resolve(new Response());

  strictEqual(server.state.reason, 'Cannot use "api": no answer within 100 ms');
});

Deno.test("OpenApiServer ends what it reads when it is disposed of", async () => {
  const late = Promise.withResolvers<Response>();
  await using web = serve(() => late.promise);
  const catalog = new FakeCatalog();
  const server = open(web.port, catalog);
  const loading = server.load();

  await server[Symbol.asyncDispose]();
  await loading;
  late.resolve(new Response());

  deepStrictEqual([server.state.reason, catalog.changes], ['Cannot use "api": it was stopped', 0]);
});

Deno.test("OpenApiServer.call() says why a tool cannot be called that is no longer there", async () => {
  await using web = serve(() => Response.json(document));
  await using server = open(web.port, new FakeCatalog());
  await server.load();

  await rejects(server.call(signedCall("api", { name: "gone", inputSchema: true }), { signal }), {
    code: "tool_failed",
    message: 'Cannot call "api.gone": its document no longer has it',
  });
});

function open(port: number, catalog: FakeCatalog, loadTimeoutMs = 30_000): OpenApiServer {
  const config = { name: "api", document: `http://127.0.0.1:${port}/`, headers: {} };
  return new OpenApiServer(config, { catalog }, { loadTimeoutMs });
}
