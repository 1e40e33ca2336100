/** What tests of receipts are made of. @module */

import { hashJson } from "../../src/hashing/hash_json.ts";
import { ReceiptChain, type ReceiptEntry } from "../../src/receipts/receipt_chain.ts";
import { openSigningKey } from "../../src/receipts/signing_key.ts";

/** A private key for tests alone: that of RFC 8037, appendix A. */
export const testJwk = JSON.stringify({
  kty: "OKP",
  crv: "Ed25519",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
});

/** A call that went well. */
export function entryOf(call: number, overrides: Partial<ReceiptEntry> = {}): ReceiptEntry {
  return {
    call,
    tool: "shop.reviews",
    schema: hashJson("schema"),
    args: hashJson({ call }),
    answer: hashJson([]),
    outcome: "ok",
    iat: 1_790_000_000,
    ms: 1.5,
    grant: "grt_1",
    ...overrides,
  };
}

/** The receipts of one run, and the keys they are signed with. */
export async function signedRun(run: string, count: number, jwk = testJwk) {
  using kv = await Deno.openKv(":memory:");
  const key = await openSigningKey(kv, { jwk });
  const chain = new ReceiptChain({ kv, key }, { principal: "local", run });
  const calls = Array.from({ length: count }, (_, i) => chain.append(entryOf(i + 1)));
  return { items: await Promise.all(calls), jwks: key.jwks() };
}
