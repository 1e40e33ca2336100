import { deepStrictEqual, rejects, strictEqual, throws } from "assert";
import type { StoredLogin } from "../../src/mcp/login_store.ts";
import { OAuthClient } from "../../src/mcp/oauth_client.ts";
import type { OAuthAttempt, OAuthClientDeps } from "../../src/mcp/oauth_client.ts";
import { memoryStore } from "./fixtures/login_fixtures.ts";

const issuer = "https://login.example";
const redirectUrl = "http://127.0.0.1:1/oauth/callback";

Deno.test("OAuthClient uses a registered client again, for the same redirect URI only", async () => {
  using fixture = await create();
  await fixture.client({ redirectUrl }).saveClientInformation(
    { client_id: "registered", client_secret: "its-secret", redirect_uris: [redirectUrl] },
    { issuer },
  );

  const same = await fixture.client({ redirectUrl }).clientInformation({ issuer });
  const other = await fixture.client({ redirectUrl: `${redirectUrl}2` })
    .clientInformation({ issuer });
  const elsewhere = await fixture.client({ redirectUrl })
    .clientInformation({ issuer: "https://other.example" });

  deepStrictEqual([same?.client_id, other, elsewhere], ["registered", undefined, undefined]);
  deepStrictEqual(fixture.learned, ["its-secret"]);
});

Deno.test("OAuthClient renews with the tokens of the same issuer, and with none once they are void", async () => {
  using fixture = await create();
  const renews: StoredLogin = {
    issuer,
    client: { issuer, client_id: "c" },
    tokens: { access_token: "a", token_type: "Bearer", refresh_token: "r" },
    at: 1,
  };
  const client = fixture.client({ redirectUrl, renews });

  const own = client.tokens({ issuer })?.refresh_token;
  const foreign = client.tokens({ issuer: "https://other.example" });
  await client.clientInformation({ issuer });
  await client.invalidateCredentials("tokens");

  deepStrictEqual([own, foreign, client.tokens({ issuer }), client.isForgotten], [
    "r",
    undefined,
    undefined,
    true,
  ]);
  await rejects(
    fixture.client({ redirectUrl, renews }).clientInformation({ issuer: "https://other.example" }),
    { kind: "needs_auth" },
  );
});

Deno.test("OAuthClient shows no login page that is not https", async () => {
  using fixture = await create();
  const client = fixture.client({ redirectUrl });

  throws(() => client.redirectToAuthorization(new URL("http://login.example")), {
    kind: "refused",
  });
  throws(() => client.redirectToAuthorization(new URL("javascript:alert(1)")), { kind: "refused" });
  strictEqual(client.page, undefined);
});

Deno.test("OAuthClient keeps tokens with the scope that was asked for, where none is named", async () => {
  using fixture = await create();
  const client = fixture.client({ redirectUrl });
  await client.saveClientInformation({ client_id: "c" }, { issuer });
  client.redirectToAuthorization(new URL("https://login.example/authorize?scope=read+write"));

  await client.saveTokens({ access_token: "token-1", token_type: "Bearer" }, { issuer });

  strictEqual((await fixture.deps.logins.latest())?.tokens.scope, "read write");
  deepStrictEqual(fixture.learned, ["token-1"]);
});

async function create() {
  const { kv, store } = await memoryStore();
  const learned: string[] = [];
  const deps: OAuthClientDeps = {
    server: new URL("https://server.example/mcp"),
    config: { grant: "authorization_code", scopes: [] },
    logins: store.of("web", "https://server.example/mcp"),
    secrets: { learn: (values) => void learned.push(...values) },
    onLogin: () => {},
  };
  return {
    deps,
    learned,
    client: (attempt: OAuthAttempt) => new OAuthClient(deps, attempt),
    [Symbol.dispose]: () => kv.close(),
  };
}
