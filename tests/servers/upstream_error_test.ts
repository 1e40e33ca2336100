import { deepStrictEqual } from "assert";
import { toNetworkError } from "../../src/servers/upstream_error.ts";
import { serve } from "../mcp/fixtures/web_servers.ts";

Deno.test("toNetworkError() knows that a refused connection carried nothing", async () => {
  const server = serve(() => new Response());
  await server[Symbol.asyncDispose]();
  const cause = await fetch(server.url).catch((error: unknown) => error);

  const { kind, message } = toNetworkError(cause instanceof Error ? cause : new Error("none"));

  deepStrictEqual([kind, message], ["unsent", "connection refused"]);
});

Deno.test("toNetworkError() hands on no URL", () => {
  const { kind, message } = toNetworkError(new Error("error for https://user:hunter2@host/"));

  deepStrictEqual([kind, message], ["lost", "the connection broke"]);
});
