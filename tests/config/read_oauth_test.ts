import { deepStrictEqual, strictEqual } from "assert";
import { createExpander } from "../../src/config/expand_variables.ts";
import {
  cursorAuthSchema,
  type OAuthEntry,
  oauthSchema,
  readOAuth,
} from "../../src/config/read_oauth.ts";

Deno.test("readOAuth() gives nothing where an entry says nothing", () => {
  deepStrictEqual(read({ oauth: null, auth: null }), { problems: [] });
});

Deno.test("readOAuth() expands what it is told and cuts scopes apart", () => {
  const { oauth, problems } = read({
    oauth: { clientId: " ${env:ID} ", clientSecret: "${SECRET}", scopes: "read, write admin" },
    auth: { CLIENT_ID: "other", scopes: "other" },
  });

  deepStrictEqual(problems, []);
  deepStrictEqual(oauth, {
    grant: "authorization_code",
    clientId: "client",
    clientSecret: "s3cret",
    privateKey: undefined,
    algorithm: undefined,
    scopes: ["read", "write", "admin"],
    callbackPort: undefined,
    authServerMetadataUrl: undefined,
    clientMetadataUrl: undefined,
  });
});

Deno.test("readOAuth() reads Cursor's form, with its list of scopes", () => {
  const auth = cursorAuthSchema.parse({ CLIENT_ID: "${ID}", scopes: ["a", "b"], extra: 1 });

  const { oauth } = read({ auth });

  deepStrictEqual([oauth?.clientId, oauth?.scopes], ["client", ["a", "b"]]);
});

Deno.test("readOAuth() says what is wrong without telling any value", () => {
  const wrong: OAuthEntry["oauth"][] = [
    { scopes: 'a"s3cret' },
    { authServerMetadataUrl: "file:///s3cret" },
    { clientMetadataUrl: "http://s3cret" },
    { clientSecret: "s3cret" },
    { grant: "client_credentials", clientId: "client" },
  ];

  deepStrictEqual(wrong.map((oauth) => read({ oauth }).problems), [
    ["one of its scopes is not allowed in OAuth"],
    ["its authServerMetadataUrl is not one of http or https"],
    ["its clientMetadataUrl is not one of https"],
    ["it has a secret and no client id"],
    ["client credentials need a client id and a secret or a private key"],
  ]);
});

Deno.test("readOAuth() takes a variable that is empty for one that says nothing", () => {
  const { oauth, problems } = read({ oauth: { clientId: "${EMPTY}", clientSecret: "${SECRET}" } });

  strictEqual(oauth?.clientId, undefined);
  deepStrictEqual(problems, ["it has a secret and no client id"]);
});

Deno.test("oauthSchema takes null for absent, keys it does not know, and no wrong values", () => {
  const accepts = (value: unknown) => oauthSchema.safeParse(value).success;

  deepStrictEqual([{}, { clientId: null }, { future: [1] }].map(accepts), [true, true, true]);
  deepStrictEqual(
    [
      { clientId: "" },
      { clientId: "x".repeat(65_537) },
      { callbackPort: 0 },
      { callbackPort: 65_536 },
      { algorithm: "none" },
      { grant: "password" },
      { scopes: Array(101).fill("a") },
    ].map(accepts),
    Array(7).fill(false),
  );
});

function read(entry: OAuthEntry): ReturnType<typeof readOAuth> {
  const environment = { ID: "client", SECRET: "s3cret", EMPTY: "" };
  return readOAuth(entry, createExpander({ environment, folder: "/w" }));
}
