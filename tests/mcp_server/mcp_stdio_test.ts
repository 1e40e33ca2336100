import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { deepStrictEqual, match, strictEqual } from "assert";

const fixture = new URL("./fixtures/stdio_server.ts", import.meta.url).pathname;

for (const mode of ["legacy", "auto"] as const) {
  Deno.test({
    name: `serveMcpStdio() serves a v2 client in mode ${mode} although code writes to the console`,
    // On close() the client's transport starts a timer of 2 s that it never clears.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
      const errors: Error[] = [];
      client.onerror = (error) => void errors.push(error);
      await client.connect(
        new StdioClientTransport({
          command: Deno.execPath(),
          args: ["run", "-A", fixture],
          stderr: "ignore",
        }),
      );

      const answer = await client.callTool({ name: "execute", arguments: { code: "x" } });
      await client.close();

      strictEqual(Object(answer.structuredContent).result, "x");
      deepStrictEqual(errors, []);
    },
  });
}

Deno.test("serveMcpStdio() writes protocol only, cancels what is under way and ends with its input", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", fixture],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const encoder = new TextEncoder();
  for (const message of [initialize, call(2, "x"), call(3, "hang")]) {
    await writer.write(encoder.encode(`${JSON.stringify(message)}\n`));
  }
  const stderr = new Response(child.stderr).text();
  const [head, tail] = child.stdout.tee();
  await readUntil(head, '"id":2');

  await writer.close();
  const output = await new Response(tail).text();
  const { code } = await child.status;

  strictEqual(code, 0);
  const lines = output.trimEnd().split("\n").map((line) => JSON.parse(line));
  deepStrictEqual(lines.map(({ id }) => id), [1, 2]);
  match(await stderr, /cancelled run_2/);
  match(await stderr, /ended/);
});

const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "raw", version: "1" },
  },
};

function call(id: number, code: string) {
  const params = { name: "execute", arguments: { code } };
  return { jsonrpc: "2.0", id, method: "tools/call", params };
}

async function readUntil(stream: ReadableStream<Uint8Array>, text: string): Promise<void> {
  let seen = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    seen += chunk;
    if (seen.includes(text)) return;
  }
}
