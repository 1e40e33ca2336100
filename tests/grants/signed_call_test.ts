import { ok, strictEqual, throws } from "assert";
import { localPrincipal } from "../../src/grants/principal.ts";
import { Grant, makeGrant, signCall, SignedCall } from "../../src/grants/signed_call.ts";
import { hashJson } from "../../src/hashing/hash_json.ts";

const claims = {
  id: "grt_1",
  run: "run_1",
  principal: localPrincipal,
  tool: {
    name: "shop.reviews",
    server: "shop",
    tool: "reviews",
    namespace: "shop",
    member: "reviews",
    inputSchema: true,
    hash: "h",
  },
  simulated: false,
};

Deno.test("signCall() fixes the arguments by their hash, whatever the order of keys", () => {
  const grant = makeGrant(claims);

  const signed = signCall({ seq: 2, tool: "shop.reviews", args: { b: 1, a: 2 } }, grant);

  strictEqual(signed.argsHash, hashJson({ a: 2, b: 1 }));
  strictEqual(signed.seq, 2);
  strictEqual(signed.grant, claims);
  ok(Object.isFrozen(signed));
});

Deno.test("Grant and SignedCall cannot be made without the authority of their module", () => {
  const forged = Symbol("authority");

  throws(() => Reflect.construct(Grant, [forged, claims]), /only authorize\(\) does/);
  throws(() => Reflect.construct(SignedCall, [forged, 1, {}, claims]), /only signCall\(\) does/);
});
