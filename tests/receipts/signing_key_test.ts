import { deepStrictEqual, notStrictEqual, ok, rejects, strictEqual } from "assert";
import { compactVerify, createLocalJWKSet, decodeProtectedHeader } from "jose";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { openSigningKey } from "../../src/receipts/signing_key.ts";
import { testJwk } from "./fixtures.ts";

/** Thumbprint of that key, from RFC 8037, appendix A.3. */
const testKid = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

Deno.test("openSigningKey() makes a key once and keeps it over a restart", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const kids: string[] = [];
    for (let start = 0; start < 2; start++) {
      using kv = await Deno.openKv(`${folder}/kv.db`);
      kids.push((await openSigningKey(kv)).kid);
    }

    strictEqual(kids[0], kids[1]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("openSigningKey() gives all who start at once the same key", async () => {
  using kv = await Deno.openKv(":memory:");

  const opened = await Promise.all(Array.from({ length: 8 }, () => openSigningKey(kv)));

  strictEqual(new Set(opened.map(({ kid }) => kid)).size, 1);
  strictEqual(opened[0].jwks().keys.length, 1);
});

Deno.test("openSigningKey() identifies a given key by its RFC 7638 thumbprint", async () => {
  using kv = await Deno.openKv(":memory:");
  const { d, kty, crv } = JSON.parse(testJwk);

  const whole = await openSigningKey(kv, { jwk: testJwk });
  const withoutX = await openSigningKey(kv, { jwk: JSON.stringify({ d, kty, crv }) });

  deepStrictEqual([whole.kid, withoutX.kid], [testKid, testKid]);
});

Deno.test("openSigningKey() never stores a given key, and never shows a private half", async () => {
  using kv = await Deno.openKv(":memory:");
  const { d } = JSON.parse(testJwk);

  const key = await openSigningKey(kv, { jwk: testJwk });

  const stored = await Array.fromAsync(kv.list({ prefix: [] }), ({ value }) => value);
  strictEqual(JSON.stringify([stored, key.jwks()]).includes(d), false);
  deepStrictEqual(Object.keys(key.jwks().keys[0]).sort(), "alg crv kid kty use x".split(" "));
});

Deno.test("SigningKey.jwks() keeps the keys used before, the one in use first", async () => {
  using kv = await Deno.openKv(":memory:");
  const made = await openSigningKey(kv);

  const given = await openSigningKey(kv, { jwk: testJwk });
  const kids = given.jwks().keys.map(({ kid }) => kid);

  notStrictEqual(made.kid, given.kid);
  deepStrictEqual(kids, [given.kid, made.kid]);
});

Deno.test("SigningKey.sign() makes what jose verifies", async () => {
  using kv = await Deno.openKv(":memory:");
  const key = await openSigningKey(kv);

  const receipt = key.sign({ text: "ü", n: 1 });

  const { payload } = await compactVerify(receipt, createLocalJWKSet(key.jwks()));
  deepStrictEqual(JSON.parse(new TextDecoder().decode(payload)), { text: "ü", n: 1 });
  deepStrictEqual(decodeProtectedHeader(receipt), { alg: "EdDSA", kid: key.kid });
});

Deno.test("openSigningKey() refuses what is no Ed25519 key, without showing it", async () => {
  using kv = await Deno.openKv(":memory:");
  const jwk = JSON.parse(testJwk);
  const secret = "x".repeat(20);
  const wrong = [
    secret,
    "{",
    "null",
    JSON.stringify({ ...jwk, d: secret }),
    JSON.stringify({ ...jwk, d: undefined }),
    JSON.stringify({ ...jwk, crv: "X25519" }),
    JSON.stringify({ ...jwk, x: jwk.d }),
  ];

  for (const text of wrong) {
    await rejects(openSigningKey(kv, { jwk: text }), (error) => {
      ok(error instanceof AirlockError && error.cause === undefined);
      strictEqual(error.code, "invalid_config");
      return !error.message.includes(secret) && !error.message.includes(jwk.d);
    });
  }
});

Deno.test("SigningKey.derive() finds the same bytes again, for one purpose and one key", async () => {
  using kv = await Deno.openKv(":memory:");
  using other = await Deno.openKv(":memory:");
  const [first, again] = [await openSigningKey(kv), await openSigningKey(kv)];
  const stranger = await openSigningKey(other);

  deepStrictEqual(first.derive("logins"), again.derive("logins"));
  strictEqual(first.derive("logins").length, 32);
  notStrictEqual(first.derive("logins").toHex(), first.derive("other").toHex());
  notStrictEqual(first.derive("logins").toHex(), stranger.derive("logins").toHex());
});
