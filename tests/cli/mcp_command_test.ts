import { deepStrictEqual, match, strictEqual } from "assert";
import { startCli, tempFolder } from "./processes.ts";

Deno.test("mcp serves MCP on stdio, and a second one goes through it and cancels there", async () => {
  await using folder = await tempFolder();
  const first = startCli(folder.path, ["mcp"]);
  const firstInput = first.child.stdin.getWriter();
  await send(firstInput, initialize, call(2, "a"));
  await first.output('"id":2');

  const second = startCli(folder.path, ["mcp"]);
  const secondInput = second.child.stdin.getWriter();
  await send(secondInput, initialize, call(2, "b"));
  await second.output('"id":2');
  await send(secondInput, call(3, "hang"));
  await first.errors("hanging run_3");
  await secondInput.close();
  await first.errors("cancelled run_3");
  const after = await second.ended;
  await firstInput.close();
  const before = await first.ended;

  deepStrictEqual(idsOf(before.output), [1, 2]);
  deepStrictEqual(idsOf(after.output), [1, 2]);
  // The run's number shows that the first process ran it.
  match(after.output, /Run run_2 succeeded/);
  deepStrictEqual([before.code, after.code], [0, 0]);
  strictEqual(after.errors, "");
});

const initialize = {
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "raw", version: "1" },
  },
};

function call(id: number, code: string) {
  return { id, method: "tools/call", params: { name: "execute", arguments: { code } } };
}

async function send(
  writer: WritableStreamDefaultWriter<Uint8Array>,
  ...messages: object[]
): Promise<void> {
  for (const message of messages) {
    const line = JSON.stringify({ jsonrpc: "2.0", ...message });
    await writer.write(new TextEncoder().encode(`${line}\n`));
  }
}

function idsOf(output: string): number[] {
  return output.trimEnd().split("\n").map((line) => JSON.parse(line).id);
}
