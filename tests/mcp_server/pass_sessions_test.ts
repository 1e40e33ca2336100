import { deepStrictEqual, strictEqual } from "assert";
import { openPassThrough } from "./pass_fixture.ts";

const keys = ["ada", "bob"].map((name) => ({
  name,
  secret: `secret-of-${name}-0123456789`,
  tools: ["*"],
  mode: "passthrough",
}));
const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  },
};

Deno.test("PassSessions keeps a session for the key that began it, and for its servers", async () => {
  await using open = await openPassThrough({ settings: { keys }, servers: ["one", "two"] });
  const begun = await open.send("", post(initialize, keys[0].secret));
  const session = begun.headers.get("mcp-session-id") ?? "";
  await begun.body?.cancel();
  const list = { jsonrpc: "2.0", id: 2, method: "tools/list" };

  const statuses: number[] = [];
  for (const [query, key] of [["", keys[0]], ["", keys[1]], ["server=one", keys[0]]] as const) {
    const response = await open.send(query, post(list, key.secret, session));
    await response.body?.cancel();
    statuses.push(response.status);
  }

  deepStrictEqual(statuses, [200, 404, 404]);
});

Deno.test("PassSessions forgets a session that its client ended", async () => {
  await using open = await openPassThrough();
  const begun = await open.send("mode=passthrough", post(initialize));
  const session = begun.headers.get("mcp-session-id") ?? "";
  await begun.body?.cancel();

  const ended = await open.send("mode=passthrough", {
    method: "DELETE",
    headers: { "mcp-session-id": session },
  });
  const after = await open.send("mode=passthrough", post(initialize, "", session));

  strictEqual(ended.status, 200);
  strictEqual(after.status, 404);
  await after.body?.cancel();
});

Deno.test("PassSessions begins no session with anything but initialize", async () => {
  await using open = await openPassThrough();

  const response = await open.send(
    "mode=passthrough",
    post({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
  );

  strictEqual(response.status, 400);
  strictEqual(response.headers.get("mcp-session-id"), null);
  await response.body?.cancel();
});

function post(body: unknown, bearer = "", session?: string): RequestInit {
  return {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(bearer !== "" && { authorization: `Bearer ${bearer}` }),
      ...(session !== undefined && { "mcp-session-id": session }),
    },
    body: JSON.stringify(body),
  };
}
