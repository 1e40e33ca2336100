import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import { Catalog } from "../../src/catalog/catalog.ts";
import { localPrincipal } from "../../src/grants/principal.ts";
import { makeGrant, signCall } from "../../src/grants/signed_call.ts";
import type { SignedCall, ToolArguments } from "../../src/grants/signed_call.ts";
import type { ConnectionOwner } from "../../src/mcp/connection_owner.ts";
import { accessTool } from "../../src/mcp/server_access.ts";
import type { WireError } from "../../src/mcp/upstream_line.ts";
import { Upstreams } from "../../src/mcp/upstreams.ts";
import { startFixture } from "../conformance/fixture_server.ts";
import { environment, httpConfig, signal } from "./fixtures/upstream_fixtures.ts";

Deno.test("UpstreamLine.pass() gives the whole result of a tool", async () => {
  await using opened = await open();
  await using line = opened.upstreams.line("web");

  const result = await line.pass(opened.call("test_simple_text"), { signal });

  deepStrictEqual(result, {
    content: [{ type: "text", text: "This is a simple text response for testing." }],
  });
});

Deno.test("UpstreamLine.pass() hands on other requests, and tells of the server's own error", async () => {
  await using opened = await open();
  await using line = opened.upstreams.line("web");
  const read = accessTool("web", "web", "resources/read");
  let told: WireError | undefined;

  const result = await line.pass(sign(read, { uri: "test://static-text" }), { signal });
  await rejects(
    line.pass(sign(read, { uri: "test://none" }), {
      signal,
      onWireError: (error) => told = error,
    }),
    { code: "tool_failed" },
  );

  ok(JSON.stringify(result).includes("the static text resource"));
  strictEqual(told?.code, -32602);
});

Deno.test("UpstreamLine.pass() lets the server ask the owner of the connection alone", async () => {
  await using opened = await open();
  const asked: string[] = [];
  const owner: ConnectionOwner = {
    capabilities: () => ({ elicitation: { form: {} } }),
    answer({ method }) {
      asked.push(method);
      return Promise.resolve({ action: "decline" });
    },
    notify: () => {},
  };
  await using line = opened.upstreams.line("web", owner);

  const result = await line.pass(opened.call("test_elicitation", { message: "Who?" }), { signal });

  deepStrictEqual(asked, ["elicitation/create"]);
  ok(JSON.stringify(result).includes("action=decline"));
});

Deno.test("UpstreamLine hides the server's credentials in results", async () => {
  await using opened = await open({ "x-token": "This is a simple text" });
  await using line = opened.upstreams.line("web");

  const result = await line.pass(opened.call("test_simple_text"), { signal });

  ok(JSON.stringify(result).includes("[secret] response"));
});

Deno.test("UpstreamLine.ask() says in words of ours what failed", async () => {
  await using opened = await open();
  await using line = opened.upstreams.line("web");

  await rejects(line.ask("no/such", {}, { signal }), {
    code: "tool_failed",
    message: 'Cannot ask "web" for "no/such": Method not found',
  });
});

async function open(headers: Record<string, string> = {}) {
  await using stack = new AsyncDisposableStack();
  const fixture = stack.use(startFixture());
  const catalog = new Catalog();
  const upstreams = stack.use(
    new Upstreams(
      { servers: [httpConfig(fixture.url, { headers })], disabledServers: [] },
      { catalog, environment },
    ),
  );
  upstreams.start();
  await upstreams.ready();
  const all = stack.move();
  return {
    upstreams,
    call(name: string, args: ToolArguments = {}): SignedCall {
      const tool = catalog.snapshot().find(`web.${name}`);
      if (tool === undefined) throw new TypeError(`Cannot find "${name}"`);
      return sign(tool, args);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function sign(tool: ReturnType<typeof accessTool>, args: ToolArguments): SignedCall {
  const claims = { id: "g", run: "run_1", principal: localPrincipal, tool, simulated: false };
  return signCall({ seq: 1, tool: tool.name, args }, makeGrant(claims));
}
