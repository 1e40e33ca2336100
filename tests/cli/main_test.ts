import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { deepStrictEqual, match, strictEqual } from "assert";
import { fileURLToPath } from "node:url";
import { tempFolder } from "./processes.ts";

const main = fileURLToPath(new URL("../../main.ts", import.meta.url));

Deno.test("main.ts runs code with the example shop and verifies the receipts", async () => {
  await using folder = await tempFolder();
  const code = `const { products } = await shop.top_products({ limit: 1 });
    console.log("found", products.length);
    return products.length;`;

  const ran = await airlock(folder.path, ["run", "--json"], code);
  const { id, calls, result } = JSON.parse(ran.output);
  const verified = await airlock(folder.path, ["verify", id]);
  const unknown = await airlock(folder.path, ["verify", "run_none"]);

  strictEqual(result, 1);
  deepStrictEqual(calls.map(({ tool, status }: Record<string, unknown>) => [tool, status]), [
    ["shop.top_products", "ok"],
  ]);
  deepStrictEqual(verified, { code: 0, output: "Valid: 1 receipt\n", errors: "" });
  strictEqual(unknown.code, 1);
});

Deno.test("main.ts gives the place of an error and code 1", async () => {
  await using folder = await tempFolder();

  const { code, output, errors } = await airlock(
    folder.path,
    ["run", "-"],
    'const x: number = 1;\nthrow new TypeError("no" + x);',
  );

  deepStrictEqual([code, output], [1, ""]);
  match(errors, /^stdin:2:7: TypeError: no1\n/);
});

Deno.test({
  name: "main.ts serves MCP on stdio to a client of the modern era",
  // On close() the client's transport starts a timer of 2 s that it never clears.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using folder = await tempFolder();
    const client = new Client({ name: "test", version: "1" }, {
      versionNegotiation: { mode: "auto" },
    });
    await client.connect(
      new StdioClientTransport({
        command: Deno.execPath(),
        args: ["run", "-A", "--quiet", main, "mcp", "--data", folder.path],
        cwd: folder.path,
        stderr: "ignore",
      }),
    );

    const answer = await client.callTool({
      name: "execute",
      arguments: { code: "return (await shop.top_products({ limit: 2 })).products.length" },
    });
    const found = await client.callTool({ name: "search", arguments: { query: "reviews" } });
    await client.close();

    strictEqual(Object(answer.structuredContent).result, 2);
    match(JSON.stringify(found.content), /shop\.reviews\(args: \{ id: string/);
  },
});

async function airlock(
  data: string,
  args: string[],
  input = "",
): Promise<{ code: number; output: string; errors: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", main, ...args, "--data", data],
    cwd: data,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await new Blob([input]).stream().pipeTo(child.stdin);
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout), errors: decoder.decode(stderr) };
}
