import { deepStrictEqual, strictEqual } from "assert";
import { openPassThrough } from "./pass_fixture.ts";

Deno.test("listItems() gives what the other servers list where one cannot be reached", async () => {
  const gone = { type: "http", url: "http://127.0.0.1:9/mcp", era: "legacy" };
  await using open = await openPassThrough({ servers: ["one"], extraServers: { gone } });
  await using client = await open.connect();

  const { prompts } = await client.listPrompts();

  strictEqual(prompts.every(({ name }) => name.startsWith("one.")), true);
  strictEqual(prompts.length > 0, true);
});

Deno.test("listItems() lists only servers that the key covers", async () => {
  const secret = "0123456789abcdef0123";
  const keys = [{ name: "two", secret, tools: ["two.*"], mode: "passthrough" }];
  await using open = await openPassThrough({ servers: ["one", "two"], settings: { keys } });
  await using client = await open.connect({ bearer: secret });

  const { prompts } = await client.listPrompts();
  const { tools } = await client.listTools();

  const owners = [...prompts, ...tools].map(({ name }) => name.split(".")[0]);
  deepStrictEqual([...new Set(owners)], ["two"]);
});
