import { deepStrictEqual, rejects, strictEqual } from "assert";
import { connectRemoteAirlock } from "../../src/cli/remote_airlock.ts";
import { localPrincipal } from "../../src/grants/principal.ts";
import { fakeTools, makeTool } from "../http/fake_deps.ts";
import { serveFake } from "./fake_http.ts";
import { waiting } from "./fakes.ts";

Deno.test("connectRemoteAirlock() answers for tools, servers, keys and approvals", async () => {
  await using server = serveFake();
  const airlock = connectRemoteAirlock(server);

  const names = await airlock.tools.search(undefined, { detail: "names" }, localPrincipal);
  const hit = await airlock.tools.search("top", {}, localPrincipal);
  await airlock.servers.ready();

  deepStrictEqual(names.map(({ name }) => name), ["shop.reviews", "shop.top_products"]);
  deepStrictEqual(hit.map(({ signature }) => signature), [
    "shop.top_products(args: {}): Promise<unknown>",
  ]);
  strictEqual(
    await airlock.tools.types(["a", "b"], localPrincipal),
    'declare const globs: ["a","b"];',
  );
  deepStrictEqual(await airlock.mcpDeps.servers(), [{ name: "shop", tools: 2, state: "ready" }]);
  deepStrictEqual(await airlock.receipts.jwks(), { keys: [{ kid: "k" }] });
  deepStrictEqual(await airlock.approvals.list(localPrincipal), [waiting]);
  deepStrictEqual(
    await airlock.approvals.decide("apr_7", { decision: "deny", note: "no" }, localPrincipal),
    { ...waiting, id: "apr_7" },
  );
});

Deno.test("connectRemoteAirlock() follows all pages of a list", async () => {
  const items = Array.from({ length: 250 }, (_, i) => ({
    name: `shop.t${i}`,
    server: "shop",
    tool: `t${i}`,
    summary: "",
  }));
  await using server = serveFake({
    tools: {
      search: (_query, { limit = items.length }) => items.slice(0, limit),
      find: () => undefined,
      item: () => items[0],
      pendingChange: () => undefined,
      accept: () => Promise.resolve(),
      declarations: () => "",
    },
  });

  const found = await connectRemoteAirlock(server).tools.search(undefined, {}, localPrincipal);
  const few = await connectRemoteAirlock(server).tools.search(
    undefined,
    { limit: 7 },
    localPrincipal,
  );

  strictEqual(found.length, 250);
  strictEqual(few.length, 7);
});

Deno.test("connectRemoteAirlock() waits until no server connects any more", async () => {
  let asked = 0;
  const shop = { name: "shop", transport: "stdio" as const, tools: 0, quarantined: [] };
  await using server = serveFake({
    servers: {
      states: () => [{ ...shop, state: ++asked < 3 ? "connecting" : "failed" }],
      reconnect: () => Promise.reject(new TypeError("not used")),
    },
  });

  await connectRemoteAirlock(server).servers.ready();

  strictEqual(asked, 3);
});

Deno.test("connectRemoteAirlock() shows and accepts the change of a tool", async () => {
  const accepted: string[] = [];
  await using server = serveFake({
    tools: {
      ...fakeTools([makeTool("my bank", "pay/all", "pay_all")]),
      pendingChange: () => ({ hash: "h", diff: "+ d", after: { name: "pay", inputSchema: true } }),
      accept: ({ name }, hash) => Promise.resolve(void accepted.push(`${name} ${hash}`)),
    },
  });
  const { tools } = connectRemoteAirlock(server);

  const change = await tools.pendingChange("my bank.pay/all", localPrincipal);
  await tools.accept("my bank.pay/all", "h", localPrincipal);

  deepStrictEqual(change, { hash: "h", diff: "+ d" });
  deepStrictEqual(accepted, ["my bank.pay_all h"]);
});

Deno.test("connectRemoteAirlock() sends an API key in place of the owner's token", async () => {
  await using server = serveFake();

  const known = connectRemoteAirlock(server, { apiKey: "a-long-secret-0123456789" });
  const unknown = connectRemoteAirlock(server, { apiKey: "wrong-secret-0123456789" });

  strictEqual((await known.servers.states()).length, 1);
  await rejects(async () => await unknown.servers.states(), { code: "unauthorized" });
});
