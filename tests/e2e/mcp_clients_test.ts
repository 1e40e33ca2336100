import { deepStrictEqual, match, ok, strictEqual } from "assert";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { overStdio } from "./over_stdio.ts";
import { startServer } from "./start_server.ts";

/** The old package tells its types only to other resolvers. */
type Named = { name: string };

const run = {
  name: "execute",
  arguments: { code: "return (await shop.top_products({ limit: 1 }))" },
};

Deno.test("an old client lists and runs code over HTTP", async () => {
  await using server = await startServer();
  await using client = await connect(overHttp(`${server.url}/mcp`));

  const { tools } = await client.listTools();
  const { structuredContent } = await client.callTool(run);

  deepStrictEqual(tools.map(({ name }: Named) => name), ["search", "execute", "wait"]);
  match(JSON.stringify(structuredContent), /"status":"succeeded"/);
});

Deno.test("an old client gets what code emits as content blocks, and hears of progress", async () => {
  await using server = await startServer();
  await using client = await connect(overHttp(`${server.url}/mcp`));
  const code = `progress(1, 2, "half");
    emit({ type: "image", mimeType: "image/png", data: "iVBORw0KGgo=" });
    emit({ type: "resource", resource: { uri: "x://y", text: "z" } });
    throw new Error("after that")`;
  const steps: unknown[] = [];

  const result = await client.callTool({ name: "execute", arguments: { code } }, undefined, {
    onprogress: ({ message }: { message?: string }) => void steps.push(message),
  });

  strictEqual(result.isError, true);
  ok(Array.isArray(result.content));
  deepStrictEqual(result.content.map(({ type }: { type: string }) => type), [
    "text",
    "image",
    "resource",
  ]);
  deepStrictEqual(steps, ["half"]);
});

Deno.test("an old client uses the shop itself over HTTP in pass-through mode", async () => {
  await using server = await startServer();
  await using client = await connect(overHttp(`${server.url}/mcp?mode=passthrough`));

  const { tools } = await client.listTools();
  const { structuredContent } = await client.callTool({
    name: "top_products",
    arguments: { limit: 1 },
  });

  ok(tools.some(({ name }: Named) => name === "reviews"));
  ok(JSON.stringify(structuredContent).length > 10);
  const runs = await (await fetch(`${server.url}/v1/runs`)).json();
  const receipts = await (await fetch(`${server.url}/v1/runs/${runs.items[0].id}/receipts`)).json();
  strictEqual(receipts.items.length, 1);
});

for (const isRelayed of [false, true]) {
  const where = isRelayed ? "through the process that owns the data folder" : "by itself";
  Deno.test(`an old client uses both modes on stdio, served ${where}`, async () => {
    await using stack = new AsyncDisposableStack();
    const folder = await Deno.makeTempDir({ prefix: "airlock-test-" });
    stack.defer(() => Deno.remove(folder, { recursive: true }));
    const data = `${folder}/data`;
    if (isRelayed) stack.use(await startServer({ data }));

    for (const [mode, tool] of [["code", run.name], ["passthrough", "top_products"]]) {
      await using client = await connect(overStdio(["--data", data, "--mode", mode], folder));
      const { tools } = await client.listTools();
      ok(tools.some(({ name }: Named) => name === tool), `${mode}: ${JSON.stringify(tools)}`);
      const call = mode === "code" ? run : { name: tool, arguments: { limit: 1 } };
      strictEqual((await client.callTool(call)).isError ?? false, false);
    }
  });
}

const inspector = (args: string[]) => npx("@modelcontextprotocol/inspector@2.12.0", args);
const hasInspector = (await inspector(["--help"])).code === 0;
if (!hasInspector) console.log("skipped: the inspector cannot be had from npm");

Deno.test({
  name: "the inspector lists and runs code (needs npm)",
  ignore: !hasInspector,
  async fn() {
    await using server = await startServer();
    const to = ["--cli", `${server.url}/mcp`, "--transport", "http", "--method"];

    const listed = await inspector([...to, "tools/list", "--format", "json"]);
    const args = ["--tool-name", "execute", "--tool-args-json", '{"code":"return 6 * 7"}'];
    const called = await inspector([...to, "tools/call", ...args]);

    strictEqual(listed.code, 0, listed.output);
    match(listed.output, /"name":\s*"execute"/);
    strictEqual(called.code, 0, called.output);
    match(called.output, /42/);
  },
});

async function connect(transport: Transport): Promise<Client & AsyncDisposable> {
  const client = new Client({ name: "old", version: "1" });
  await client.connect(transport);
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

function overHttp(url: string): Transport {
  const transport = new StreamableHTTPClientTransport(new URL(url));
  const close = transport.close.bind(transport);
  return Object.assign(transport, {
    async close() {
      await transport.terminateSession();
      await close();
    },
  });
}

async function npx(name: string, args: string[]): Promise<{ code: number; output: string }> {
  const { code, stdout, stderr } = await new Deno.Command("npx", {
    args: ["-y", "-p", "node@24", "-p", name, "mcp-inspector", ...args],
    env: { MCP_INSPECTOR_SECRET_STORE: "memory" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}
