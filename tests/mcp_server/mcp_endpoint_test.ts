import { deepStrictEqual, rejects } from "assert";
import { localPrincipal } from "../../src/grants/principal.ts";
import { createMcpEndpoint } from "../../src/mcp_server/mcp_endpoint.ts";

const endpoint = createMcpEndpoint({
  handlers: {
    code: () => Promise.resolve(new Response("code")),
    passthrough: () => Promise.resolve(new Response("passthrough")),
  },
  modeOf: ({ name }) => name === "local" ? "code" : "passthrough",
});

Deno.test("createMcpEndpoint() goes by the mode that was asked for, else by the key's", async () => {
  const ask = async (query: string, name: string) =>
    await (await endpoint(new Request(`http://127.0.0.1/mcp${query}`), { name, tools: [] })).text();

  deepStrictEqual(
    [await ask("", "local"), await ask("", "ci"), await ask("?mode=code", "ci")],
    ["code", "passthrough", "code"],
  );
});

Deno.test("createMcpEndpoint() refuses other modes", async () => {
  const request = new Request("http://127.0.0.1/mcp?mode=root");

  await rejects(endpoint(request, localPrincipal), { code: "invalid_request" });
});
