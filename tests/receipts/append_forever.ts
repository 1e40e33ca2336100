/** Appends receipts to the KV file it is given, and prints each once it was acknowledged. @module */

import { ReceiptChain } from "../../src/receipts/receipt_chain.ts";
import { openSigningKey } from "../../src/receipts/signing_key.ts";
import { entryOf, testJwk } from "./fixtures.ts";

const kv = await Deno.openKv(Deno.args[0]);
const key = await openSigningKey(kv, { jwk: testJwk });
const chain = new ReceiptChain({ kv, key }, { principal: "ci", run: "run_1" });
const encoder = new TextEncoder();
for (let call = 1;; call++) {
  const receipt = await chain.append(entryOf(call));
  await Deno.stdout.write(encoder.encode(`${receipt}\n`));
}
