/** Checks signed receipts offline: nothing but the receipts and public keys is needed. @module */

import { compactVerify, errors, importJWK } from "jose";
import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import { hashText } from "../hashing/hash_json.ts";
import { parseReceiptClaims, type ReceiptClaims } from "./receipt.ts";

/** What became of a check: all fits, or the first receipt that does not. */
export type Verification =
  | { readonly valid: true; readonly count: number }
  | {
    readonly valid: false;
    /** Which receipt of the list, from 0. */
    readonly index: number;
    /** The place it claims, where it could be read. */
    readonly seq?: number;
    /** What does not fit, in a sentence. */
    readonly reason: string;
  };

/** What was learned from the receipts so far. */
interface Chain {
  readonly last: ReceiptClaims;
  /** Hash of the compact form of the last. */
  readonly hash: string;
}

type PublicKeys = ReadonlyMap<string, Awaited<ReturnType<typeof importJWK>>>;

/** Most receipts in a list; a run makes far fewer. */
const maxReceipts = 1_000_000;
/**
 * The compact form as it is written here. The last character of a signature
 * carries two bits only; any other would decode to the same bytes.
 */
const compactForm = /^[\w-]{1,512}\.[\w-]{1,8192}\.[\w-]{85}[AQgw]$/;

const listSchema = z.union([
  z.array(z.unknown()).max(maxReceipts),
  z.object({ items: z.array(z.unknown()).max(maxReceipts) }).transform(({ items }) => items),
]);
const headerSchema = z.strictObject({ alg: z.literal("EdDSA"), kid: z.string() });
const publicKey = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string().regex(/^[\w-]{43}$/),
  kid: z.string().min(1).max(128),
});
const jwksSchema = z.object({ keys: z.array(z.unknown()).max(1_000) });

/**
 * Checks that receipts are signed by one of the keys, and that they are the receipts of one run from
 * the first on, in order, none missing or put in. That some are missing at the
 * end cannot be seen from receipts alone: compare `count` with the calls of the report.
 *
 * @param receipts What `GET /v1/runs/:id/receipts` answers, or the list in it.
 * @param jwks What `GET /.well-known/jwks.json` answers.
 * @throws {AirlockError} `invalid_request` where the JWKS holds no Ed25519 key with a `kid`.
 */
export async function verifyReceipts(receipts: unknown, jwks: unknown): Promise<Verification> {
  const publicKeys = await importKeys(jwks);
  const list = listSchema.safeParse(receipts);
  if (!list.success) return { valid: false, index: 0, reason: "this is not a list of receipts" };

  let chain: Chain | undefined;
  for (const [index, receipt] of list.data.entries()) {
    if (typeof receipt !== "string" || !compactForm.test(receipt)) {
      return { valid: false, index, reason: "it is not a compact JWS" };
    }
    const claims = await readSigned(receipt, publicKeys);
    if (typeof claims === "string") return { valid: false, index, reason: claims };
    const misfit = findMisfit(claims, chain);
    if (misfit !== undefined) return { valid: false, index, seq: claims.seq, reason: misfit };
    chain = { last: claims, hash: hashText(receipt) };
  }
  return { valid: true, count: list.data.length };
}

async function importKeys(jwks: unknown): Promise<PublicKeys> {
  const set = jwksSchema.safeParse(jwks);
  const keys = (set.data?.keys ?? []).flatMap((key) => publicKey.safeParse(key).data ?? []);
  if (keys.length === 0) throw unusableJwks("it has no Ed25519 key with a key id");
  const imported = keys.map(async ({ kid, ...key }) =>
    [kid, await importJWK(key, "EdDSA")] as const
  );
  try {
    return new Map(await Promise.all(imported));
  } catch (cause) {
    throw unusableJwks("one of its keys is broken", cause);
  }
}

function unusableJwks(problem: string, cause?: unknown): AirlockError {
  return new AirlockError("invalid_request", `Cannot verify with this JWKS: ${problem}`, { cause });
}

/** The claims of a receipt with a good signature, or what is wrong with it. */
async function readSigned(receipt: string, keys: PublicKeys): Promise<ReceiptClaims | string> {
  const header = readHeader(receipt);
  if (header === undefined) return "its header is not that of a receipt";
  const key = keys.get(header.kid);
  if (key === undefined) return "it was signed with a key that the JWKS does not have";
  const payload = await verifySignature(receipt, key);
  if (payload === undefined) return "its signature does not fit";
  const claims = parseReceiptClaims(payload);
  if (claims === undefined) return "it does not hold the claims of a receipt";
  return claims.iss === header.kid ? claims : "its issuer is not the key that signed it";
}

function readHeader(receipt: string): z.infer<typeof headerSchema> | undefined {
  const text = Buffer.from(receipt.slice(0, receipt.indexOf(".")), "base64url").toString();
  try {
    return headerSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function verifySignature(
  receipt: string,
  key: Awaited<ReturnType<typeof importJWK>>,
): Promise<Uint8Array | undefined> {
  try {
    return (await compactVerify(receipt, key, { algorithms: ["EdDSA"] })).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function findMisfit(claims: ReceiptClaims, chain: Chain | undefined): string | undefined {
  const place = chain === undefined ? 1 : chain.last.seq + 1;
  if (chain !== undefined && claims.run !== chain.last.run) return "it belongs to another run";
  if (chain !== undefined && claims.sub !== chain.last.sub) return "it names another principal";
  if (claims.seq !== place) return `it has place ${claims.seq} where ${place} was due`;
  if (claims.prev !== chain?.hash) return "it does not follow from the receipt before it";
  return undefined;
}
