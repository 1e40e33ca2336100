import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import fc from "fast-check";
import { CompactSign, exportJWK, generateKeyPair, importJWK } from "jose";
import { type Verification, verifyReceipts } from "../../src/receipts/verify_receipts.ts";
import { signedRun, testJwk } from "./fixtures.ts";

const { items, jwks } = await signedRun("run_1", 6);
const foreign = (await signedRun("run_2", 6)).items;
const otherKey = await exportJWK(
  (await generateKeyPair("EdDSA", { extractable: true })).privateKey,
);
const strange = await signedRun("run_1", 6, JSON.stringify(otherKey));
const place = fc.nat(items.length - 1);

Deno.test("verifyReceipts() takes the answer of the server, the list, and none at all", async () => {
  deepStrictEqual(await verifyReceipts({ items }, jwks), { valid: true, count: 6 });
  deepStrictEqual(await verifyReceipts(items, jwks), { valid: true, count: 6 });
  deepStrictEqual(await verifyReceipts([], jwks), { valid: true, count: 0 });
});

Deno.test("verifyReceipts() finds any changed character, in the receipt where it is", async () => {
  const character = fc.constantFrom(
    ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+",
  );

  await fc.assert(
    fc.asyncProperty(place, fc.nat(), character, async (index, offset, other) => {
      const at = offset % items[index].length;
      fc.pre(items[index][at] !== other);
      const changed = items[index].slice(0, at) + other + items[index].slice(at + 1);
      await findsAt(items.with(index, changed), index);
    }),
    { numRuns: 300 },
  );
});

Deno.test("verifyReceipts() finds every other spelling of the last character", async () => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = items.length - 1;

  for (const character of alphabet) {
    const changed = items[last].slice(0, -1) + character;
    if (changed !== items[last]) await findsAt(items.with(last, changed), last);
  }
});

Deno.test("verifyReceipts() finds a receipt that was left out, but for the last", async () => {
  for (let index = 0; index < items.length - 1; index++) {
    await findsAt(items.toSpliced(index, 1), index);
  }
  deepStrictEqual(await verifyReceipts(items.slice(0, -1), jwks), { valid: true, count: 5 });
});

Deno.test("verifyReceipts() finds receipts that changed places", async () => {
  await fc.assert(fc.asyncProperty(place, place, async (a, b) => {
    fc.pre(a !== b);
    await findsAt(items.with(a, items[b]).with(b, items[a]), Math.min(a, b));
  }));
});

Deno.test("verifyReceipts() finds a receipt that is there twice", async () => {
  await fc.assert(fc.asyncProperty(place, place, async (from, to) => {
    fc.pre(from !== to);
    await findsAt(items.toSpliced(to, 0, items[from]), to);
  }));
});

Deno.test("verifyReceipts() finds a receipt of another run or another key", async () => {
  for (let index = 1; index < items.length; index++) {
    await findsAt(items.with(index, foreign[index]), index, "it belongs to another run");
  }
  await findsAt(items.with(0, foreign[0]), 1, "it belongs to another run");
  await findsAt(
    items.with(3, strange.items[3]),
    3,
    "it was signed with a key that the JWKS does not have",
  );
});

Deno.test("verifyReceipts() finds a branch of the chain: a signed receipt with another past", async () => {
  const keys = { keys: [...jwks.keys, ...strange.jwks.keys] };

  const found = await verifyReceipts(items.with(3, strange.items[3]), keys);

  deepStrictEqual(found, {
    valid: false,
    index: 3,
    seq: 4,
    reason: "it does not follow from the receipt before it",
  });
});

Deno.test("verifyReceipts() refuses other algorithms and headers with anything else in them", async () => {
  const [, payload, signature] = items[0].split(".");
  const { kid, x } = jwks.keys[0];
  const key = await importJWK(JSON.parse(testJwk), "EdDSA");
  const claims = Buffer.from(payload, "base64url");
  const none = Buffer.from(JSON.stringify({ alg: "none", kid })).toString("base64url");
  const symmetric = await new CompactSign(claims)
    .setProtectedHeader({ alg: "HS512", kid })
    .sign(Buffer.from(x, "base64url"));
  const withJwk = await new CompactSign(claims)
    .setProtectedHeader({ alg: "EdDSA", kid, jwk: { ...jwks.keys[0] } })
    .sign(key);
  const underOtherName = await new CompactSign(claims)
    .setProtectedHeader({ alg: "Ed25519", kid })
    .sign(key);

  for (
    const forged of [
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      symmetric,
      withJwk,
      underOtherName,
    ]
  ) {
    await findsAt([forged], 0);
  }
});

Deno.test("verifyReceipts() refuses a receipt whose issuer is not its key", async () => {
  const [, payload] = strange.items[0].split(".");
  const forged = await new CompactSign(Buffer.from(payload, "base64url"))
    .setProtectedHeader({ alg: "EdDSA", kid: jwks.keys[0].kid })
    .sign(await importJWK(JSON.parse(testJwk), "EdDSA"));

  await findsAt([forged], 0, "its issuer is not the key that signed it");
});

Deno.test("verifyReceipts() refuses signed texts that are no receipts", async () => {
  const forged = await new CompactSign(new TextEncoder().encode('{"seq":1}'))
    .setProtectedHeader({ alg: "EdDSA", kid: jwks.keys[0].kid })
    .sign(await importJWK(JSON.parse(testJwk), "EdDSA"));

  await findsAt([forged], 0, "it does not hold the claims of a receipt");
});

Deno.test("verifyReceipts() judges any JSON without throwing", async () => {
  await fc.assert(fc.asyncProperty(fc.jsonValue(), async (value) => {
    const found = await verifyReceipts(value, jwks);
    ok(!found.valid || found.count === 0);
  }));
});

Deno.test("verifyReceipts() throws where the JWKS cannot be used", async () => {
  const broken = { ...jwks.keys[0], x: "short" };

  for (const each of [undefined, {}, { keys: [] }, { keys: [broken] }, []]) {
    await rejects(verifyReceipts(items, each), { code: "invalid_request" });
  }
});

async function findsAt(list: readonly string[], index: number, reason?: string): Promise<void> {
  const found: Verification = await verifyReceipts(list, jwks);
  if (found.valid) throw new TypeError("Cannot find anything wrong");
  strictEqual(found.index, index);
  if (reason !== undefined) strictEqual(found.reason, reason);
}
