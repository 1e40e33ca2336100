import { deepStrictEqual, match, strictEqual } from "assert";
import { createApp } from "../../src/http/create_app.ts";
import type { HttpDeps } from "../../src/http/http_deps.ts";
import { fakeDeps, makeServer } from "./fake_deps.ts";

const states = [
  makeServer("shop"),
  makeServer("git hub", { state: "needs_auth", transport: "http", reason: "It asks for a login" }),
];

Deno.test("serverRoutes() lists the servers, in pages where asked", async () => {
  const app = appWith();

  const all = await (await app.request("/v1/servers")).json();
  const first = await (await app.request("/v1/servers?limit=1")).json();

  deepStrictEqual(all, { items: states });
  deepStrictEqual(first, { items: [states[0]], cursor: "1" });
});

Deno.test("serverRoutes() reconnects a server that is configured, and no other", async () => {
  const asked: string[] = [];
  const app = appWith({
    reconnect: (name) => {
      asked.push(name);
      return Promise.resolve(makeServer(name));
    },
  });

  const done = await app.request("/v1/servers/git%20hub/reconnect", { method: "POST" });
  const none = await app.request("/v1/servers/other/reconnect", { method: "POST" });

  deepStrictEqual([done.status, none.status, asked], [200, 404, ["git hub"]]);
});

Deno.test("serverRoutes() answers 409 to a login that is not needed", async () => {
  const response = await appWith().request("/v1/servers/shop/auth", { method: "POST" });

  strictEqual(response.status, 409);
  match((await response.json()).detail, /does not need a login$/);
});

Deno.test("serverRoutes() gives the page of a login that is needed", async () => {
  const url = "https://login.example/authorize";
  const path = "/v1/servers/git%20hub/auth";

  const begun = await appWith({ login: () => Promise.resolve({ url }) })
    .request(path, { method: "POST" });
  const without = await appWith().request(path, { method: "POST" });

  deepStrictEqual([await begun.json(), without.status], [{ url }, 409]);
});

function appWith(overrides: Partial<HttpDeps["servers"]> = {}) {
  const servers = {
    states: () => states,
    reconnect: (name: string) => Promise.resolve(makeServer(name)),
    ...overrides,
  };
  return createApp(fakeDeps({ servers }));
}
