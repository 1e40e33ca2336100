import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import { openPassThrough } from "./pass_fixture.ts";

Deno.test("handleResources() lists and reads resources and templates, with receipts", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect();

  const { resources } = await client.listResources();
  const { resourceTemplates } = await client.listResourceTemplates();
  const { contents } = await client.readResource({ uri: "test://template/7/data" });

  ok(resources.some(({ uri }) => uri === "test://static-binary"));
  deepStrictEqual(resourceTemplates.map(({ uriTemplate }) => uriTemplate), [
    "test://template/{id}/data",
  ]);
  strictEqual(contents[0].uri, "test://template/7/data");
  const [receipt] = await open.newestReceipts();
  deepStrictEqual([receipt.tool, receipt.outcome], ["everything.resources/read", "ok"]);
});

Deno.test("handleResources() hands on the server's own error for a resource that there is not", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect();

  await rejects(client.readResource({ uri: "test://nothing" }), { code: -32602 });
});

Deno.test("handleResources() finds the server of a resource among several", async () => {
  await using open = await openPassThrough({ servers: ["one", "two"] });
  await using client = await open.connect();

  const fixed = await client.readResource({ uri: "test://static-text" });
  const made = await client.readResource({ uri: "test://template/8/data" });

  deepStrictEqual([fixed.contents.length, made.contents.length], [1, 1]);
  await rejects(client.readResource({ uri: "other://thing" }), { code: -32602 });
});

Deno.test("handleResources() takes subscriptions of clients that stay connected", async () => {
  await using open = await openPassThrough();
  await using client = await open.connect();

  deepStrictEqual(await client.subscribeResource({ uri: "test://watched-resource" }), {});
  deepStrictEqual(await client.unsubscribeResource({ uri: "test://watched-resource" }), {});
});

Deno.test("handleResources() keeps to the policy for reading", async () => {
  const policy = [{
    tool: "everything.resources/read",
    when: 'arguments.uri == "test://static-text"',
    effect: "deny",
  }];
  await using open = await openPassThrough({ settings: { policy } });
  await using client = await open.connect();

  await rejects(client.readResource({ uri: "test://static-text" }), { code: -32602 });
  strictEqual((await client.readResource({ uri: "test://static-binary" })).contents.length, 1);
});
