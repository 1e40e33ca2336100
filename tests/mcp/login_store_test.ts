import { deepStrictEqual, rejects, strictEqual } from "assert";
import type { StoredLogin } from "../../src/mcp/login_store.ts";
import { memoryStore } from "./fixtures/login_fixtures.ts";

const url = "https://web.example/mcp";

Deno.test("ServerLogins.latest() gives the latest login, and none of another address or server", async () => {
  const { kv, store } = await memoryStore();
  using _ = kv;
  const logins = store.of("web", url);
  await logins.save(login("https://a.example", 2));
  await logins.save(login("https://b.example", 1));

  deepStrictEqual(await logins.latest(), login("https://a.example", 2));
  strictEqual(await store.of("web", "https://moved.example/mcp").latest(), undefined);
  strictEqual(await store.of("other", url).latest(), undefined);
});

Deno.test("ServerLogins.forget() forgets one login and keeps its client", async () => {
  const { kv, store } = await memoryStore();
  using _ = kv;
  const logins = store.of("web", url);
  await logins.save(login("https://a.example", 1));

  await logins.forget("https://a.example");

  strictEqual(await logins.latest(), undefined);
  deepStrictEqual(await logins.clients(), [login("https://a.example", 1).client]);
  await logins.forgetClient("https://a.example");
  deepStrictEqual(await logins.clients(), []);
});

Deno.test("ServerLogins.save() refuses what is too long for the database", async () => {
  const { kv, store } = await memoryStore();
  using _ = kv;
  const { client, tokens, ...rest } = login("https://a.example", 1);
  const long = { ...rest, client, tokens: { ...tokens, access_token: "x".repeat(50_000) } };

  await rejects(store.of("web", url).save(long), { kind: "refused" });
});

function login(issuer: string, at: number): StoredLogin {
  return {
    issuer,
    client: { issuer, client_id: "c" },
    tokens: { access_token: `access of ${issuer}`, token_type: "Bearer" },
    at,
  };
}
