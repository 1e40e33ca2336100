import { deepStrictEqual, match, strictEqual } from "assert";
import { AuthServer, visit } from "../mcp/fixtures/auth_server.ts";
import { startServer } from "./start_server.ts";

Deno.test("a served Airlock takes a login at its own address, and calls with it", async () => {
  await using guarded = new AuthServer();
  const config = { mcpServers: { web: { type: "http", url: guarded.url } } };
  await using server = await startServer({ config });
  const before = await (await fetch(`${server.url}/v1/servers`)).json();

  const begun = await fetch(`${server.url}/v1/servers/web/auth`, { method: "POST" });
  const { text } = await visit((await begun.json()).url);
  await (await fetch(`${server.url}/v1/servers/web/reconnect`, { method: "POST" })).json();
  const response = await fetch(`${server.url}/v1/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code: "return await web.read({})" }),
  });
  const report = await response.json();

  strictEqual(before.items[0].state, "needs_auth");
  strictEqual(text, 'Airlock is logged in to "web". This page can be closed.');
  match(
    guarded.log.pages[0].get("redirect_uri") ?? "",
    new RegExp(`^${server.url}/oauth/callback$`),
  );
  deepStrictEqual([report.status, report.result], ["succeeded", "Bearer [secret]"]);
});
