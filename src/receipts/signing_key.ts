/** The key that signs receipts, and the public keys that ever did. @module */

import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign } from "node:crypto";
import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";

const keys = {
  /** The private key that was made at first start. */
  made: ["signing_key"],
  /** Public keys by key id: the one in use and those before it. */
  public: (kid: string) => ["signing_key_public", kid],
  allPublic: ["signing_key_public"],
};

/** A public key of receipts, as `/.well-known/jwks.json` shows it. */
export interface PublicJwk {
  /** Key type. */
  kty: "OKP";
  /** Curve. */
  crv: "Ed25519";
  /** The key, base64url. */
  x: string;
  /** Its RFC 7638 thumbprint. */
  kid: string;
  /** What it verifies. */
  alg: "EdDSA";
  /** What for. */
  use: "sig";
}

const coordinate = z.string().regex(/^[\w-]{43}$/);
const privateSchema = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: coordinate.optional(),
  d: coordinate,
});
const publicSchema: z.ZodType<PublicJwk> = z.strictObject({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: coordinate,
  kid: coordinate,
  alg: z.literal("EdDSA"),
  use: z.literal("sig"),
});

/** Options of {@linkcode openSigningKey}. */
export interface SigningKeyOptions {
  /** A private Ed25519 JWK as JSON text. @default {the key in KV, made where there is none} */
  jwk?: string;
}

/**
 * Opens the key that signs receipts. Its public half, and those of the keys
 * used before, stay in KV, so that old receipts can be verified after a change of key.
 * A key that was given is not stored.
 *
 * @throws {AirlockError} `invalid_config` where the given key is not a private Ed25519 JWK.
 */
export async function openSigningKey(
  kv: Deno.Kv,
  options: SigningKeyOptions = {},
): Promise<SigningKey> {
  const { d, x } = options.jwk === undefined ? await madeKey(kv) : givenKey(options.jwk);
  const key = createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", d, x }, format: "jwk" });
  const kid = await calculateJwkThumbprint({ kty: "OKP", crv: "Ed25519", x });
  const own: PublicJwk = { kty: "OKP", crv: "Ed25519", x, kid, alg: "EdDSA", use: "sig" };
  await kv.set(keys.public(kid), own);

  const all = await Array.fromAsync(
    kv.list({ prefix: keys.allPublic }),
    (entry) => publicSchema.parse(entry.value),
  );
  return new SigningKey(key, kid, [own, ...all.filter((old) => old.kid !== kid)]);
}

/** Signs receipts: compact JWS with `alg: EdDSA`. */
export class SigningKey {
  /** RFC 7638 thumbprint of the public key: `kid` in headers, `iss` in claims. */
  readonly kid: string;
  readonly #key: KeyObject;
  readonly #header: string;
  readonly #public: readonly PublicJwk[];

  /**
   * For {@linkcode openSigningKey}.
   *
   * @param publicKeys All that receipts may have been signed with, the one in use first.
   */
  constructor(key: KeyObject, kid: string, publicKeys: readonly PublicJwk[]) {
    this.kid = kid;
    this.#key = key;
    this.#header = Buffer.from(JSON.stringify({ alg: "EdDSA", kid })).toString("base64url");
    this.#public = publicKeys;
  }

  /**
   * The compact JWS of some claims. By node:crypto and not by jose, which
   * signs on another thread and takes four times as long.
   */
  sign(claims: object): string {
    const input = `${this.#header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
    return `${input}.${sign(null, Buffer.from(input), this.#key).toString("base64url")}`;
  }

  /** 32 secret bytes for a purpose (HKDF-SHA-256), which only the holder of this key finds again. */
  derive(purpose: string): Uint8Array<ArrayBuffer> {
    const { d } = privateSchema.parse(this.#key.export({ format: "jwk" }));
    return new Uint8Array(hkdfSync("sha256", Buffer.from(d, "base64url"), "airlock", purpose, 32));
  }

  /** The public keys of all receipts of this server. */
  jwks(): { keys: PublicJwk[] } {
    return { keys: this.#public.map((key) => ({ ...key })) };
  }
}

/** Of several processes that start at once, the first one's key is everybody's. */
async function madeKey(kv: Deno.Kv): Promise<{ d: string; x: string }> {
  const made = await kv.get(keys.made);
  if (made.value !== null) return completeKey(privateSchema.parse(made.value));
  const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const jwk = privateSchema.parse(await exportJWK(privateKey));
  const { ok } = await kv.atomic().check(made).set(keys.made, jwk).commit();
  return ok ? completeKey(jwk) : await madeKey(kv);
}

function givenKey(text: string): { d: string; x: string } {
  const parsed = privateSchema.safeParse(parseJson(text));
  if (!parsed.success) throw unusableKey("it is not a private Ed25519 JWK");
  return completeKey(parsed.data);
}

/** The public half follows from the private one; one that does not fit is refused. */
function completeKey({ d, x }: { d: string; x?: string }): { d: string; x: string } {
  // Node wants some `x` to be there, and takes no notice of it.
  const jwk = { kty: "OKP", crv: "Ed25519", d, x: x ?? d };
  const own = createPublicKey(createPrivateKey({ key: jwk, format: "jwk" })).export({
    format: "jwk",
  });
  const actual = coordinate.parse(own.x);
  if (x !== undefined && x !== actual) throw unusableKey("its public half is another key's");
  return { d, x: actual };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Says nothing about the key itself, and keeps no cause: both could show it. */
function unusableKey(problem: string): AirlockError {
  return new AirlockError("invalid_config", `Cannot use the signing key: ${problem}`);
}
