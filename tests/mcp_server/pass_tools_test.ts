import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import { hashJson } from "../../src/hashing/hash_json.ts";
import { openPassThrough } from "./pass_fixture.ts";

Deno.test("handleTools() lists tools under their own names where one server is shown", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect();

  const { tools } = await client.listTools();

  ok(tools.some(({ name }) => name === "test_simple_text"));
  const rich = tools.find(({ name }) => name === "json_schema_2020_12_tool");
  strictEqual(rich?.inputSchema.$schema, "https://json-schema.org/draft/2020-12/schema");
});

Deno.test("handleTools() names servers where there are several, unless one is asked for", async () => {
  await using open = await openPassThrough({ servers: ["one", "t.wo"] });
  await using both = await open.connect();
  await using second = await open.connect({ query: "&server=t.wo" });

  const named = await both.callTool({ name: "t.wo.test_simple_text" });
  const plain = await second.callTool({ name: "test_simple_text" });

  deepStrictEqual(named.content, plain.content);
  ok((await both.listTools()).tools.some(({ name }) => name === "one.test_simple_text"));
});

Deno.test("handleTools() hands on content blocks as they are, and leaves a receipt of them", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect();

  const result = await client.callTool({ name: "test_multiple_content_types" });

  deepStrictEqual(result.content.map(({ type }) => type), ["text", "image", "resource"]);
  const [receipt] = await open.newestReceipts();
  deepStrictEqual(
    { tool: receipt.tool, outcome: receipt.outcome, args: receipt.args, answer: receipt.answer },
    {
      tool: "everything.test_multiple_content_types",
      outcome: "ok",
      args: hashJson({}),
      answer: hashJson(JSON.parse(JSON.stringify(result))),
    },
  );
});

Deno.test("handleTools() hands on an answer that is an error, and counts it as failed", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect();

  const result = await client.callTool({ name: "test_error_handling" });

  strictEqual(result.isError, true);
  const [receipt] = await open.newestReceipts();
  strictEqual(receipt.outcome, "failed");
  const { items: [run] } = await open.airlock.runs.list({ name: "local", tools: ["*"] });
  deepStrictEqual([run.status, run.error?.code], ["failed", "tool_failed"]);
});

Deno.test("handleTools() refuses a name that there is not, and leaves a receipt of it", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect();

  await rejects(client.callTool({ name: "no_such_tool" }), { code: -32602 });

  const [receipt] = await open.newestReceipts();
  deepStrictEqual([receipt.tool, receipt.outcome], ["everything.no_such_tool", "denied"]);
});

Deno.test("handleTools() refuses wrong arguments with the reason, in a result", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect();

  const result = await client.callTool({ name: "test_sampling", arguments: { prompt: 7 } });

  strictEqual(result.isError, true);
  ok(JSON.stringify(result.content).includes("prompt"));
});

Deno.test("handleTools() keeps to the policy: deny and simulate", async () => {
  const policy = [
    { tool: "everything.test_simple_text", effect: "deny" },
    { tool: "everything.test_image_content", effect: "simulate" },
  ];
  await using open = await openPassThrough({ settings: { policy } });
  await using client = await open.connect();

  const denied = await client.callTool({ name: "test_simple_text" });
  const simulated = await client.callTool({ name: "test_image_content" });

  strictEqual(denied.isError, true);
  deepStrictEqual(simulated.structuredContent, {
    simulated: true,
    tool: "everything.test_image_content",
  });
});

Deno.test("handleTools() keeps to rules about what answered before, over calls of one client", async () => {
  const policy = [{
    tool: "*.test_image_content",
    from: "*.test_simple_text",
    effect: "deny",
  }];
  await using open = await openPassThrough({ settings: { policy } });
  await using client = await open.connect();

  const before = await client.callTool({ name: "test_image_content" });
  await client.callTool({ name: "test_simple_text" });
  const after = await client.callTool({ name: "test_image_content" });

  deepStrictEqual([before.isError, after.isError], [undefined, true]);
});

Deno.test("handleTools() shows a key only its tools, and lets it call no others", async () => {
  const keys = [{
    name: "few",
    secret: "0123456789abcdef0123",
    tools: ["everything.test_simple_text"],
    mode: "passthrough",
  }];
  await using open = await openPassThrough({ settings: { keys } });
  await using client = await open.connect({ bearer: keys[0].secret });

  const { tools } = await client.listTools();

  deepStrictEqual(tools.map(({ name }) => name), ["test_simple_text"]);
  const refused = await client.callTool({ name: "test_image_content" });
  strictEqual(refused.isError, true);
  await rejects(client.readResource({ uri: "test://static-text" }), { code: -32602 });
  deepStrictEqual((await client.listPrompts()).prompts, []);
});
