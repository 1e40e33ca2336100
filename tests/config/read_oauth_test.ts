import { deepStrictEqual, strictEqual } from "assert";
import { readServerEntry } from "../../src/config/server_entry.ts";

const source = { environment: { ID: "my-id", SECRET: "my-secret" }, folder: "/project" };
const url = "https://x.example/mcp";

Deno.test("readOAuth() reads what Claude Code and Cursor write", async () => {
  const claude = await oauthOf({
    oauth: {
      clientId: "id",
      callbackPort: 8090,
      scopes: "a b",
      authServerMetadataUrl: "https://l.example/m",
    },
  });
  const cursor = await oauthOf({
    auth: { CLIENT_ID: "${env:ID}", CLIENT_SECRET: "${env:SECRET}", scopes: ["read", "write"] },
  });

  deepStrictEqual(claude, {
    grant: "authorization_code",
    clientId: "id",
    scopes: ["a", "b"],
    callbackPort: 8090,
    authServerMetadataUrl: "https://l.example/m",
  });
  deepStrictEqual(cursor, {
    grant: "authorization_code",
    clientId: "my-id",
    clientSecret: "my-secret",
    scopes: ["read", "write"],
  });
});

Deno.test("readOAuth() finds nothing where nothing is said", async () => {
  strictEqual(await oauthOf({}), undefined);
});

Deno.test("readOAuth() says what is wrong, without any value", async () => {
  const wrong = [
    { clientSecret: "s3cret-value" },
    { clientId: "id", grant: "client_credentials" },
    { scopes: ['a"b'] },
    { authServerMetadataUrl: "ftp://l.example" },
    { clientMetadataUrl: "http://c.example/c.json" },
  ];

  const reasons = await Promise.all(wrong.map((oauth) => oauthOf({ oauth })));

  deepStrictEqual(
    reasons,
    [
      "it has a secret and no client id",
      "client credentials need a client id and a secret or a private key",
      "one of its scopes is not allowed in OAuth",
      "its authServerMetadataUrl is not one of http or https",
      "its clientMetadataUrl is not one of https",
    ].map((problem) => `Cannot use server "x": ${problem}`),
  );
});

/** What was read, without what is absent; the reason where it cannot be used. */
async function oauthOf(entry: Record<string, unknown>): Promise<unknown> {
  const read = await readServerEntry("x", { url, ...entry }, source);
  if (read.state === "unusable") return read.server.reason;
  if (read.state === "disabled" || !("oauth" in read.server)) return undefined;
  return JSON.parse(JSON.stringify(read.server.oauth));
}
