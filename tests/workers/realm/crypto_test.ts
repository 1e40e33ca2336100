import { deepStrictEqual, match, ok, strictEqual, throws } from "assert";
import { createCrypto } from "../../../workers/realm/crypto.ts";
import { connectGateway } from "./connect_gateway.ts";

const crypto = createCrypto(connectGateway().gateway);

Deno.test("crypto has its two functions and nothing else", () => {
  deepStrictEqual(Object.keys(crypto), ["randomUUID", "getRandomValues"]);
});

Deno.test("randomUUID() gives a new version 4 UUID each time", () => {
  const ids = new Set(Array.from({ length: 100 }, () => crypto.randomUUID()));

  strictEqual(ids.size, 100);
  for (const id of ids) {
    match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

Deno.test("getRandomValues() fills the view alone and gives it back", () => {
  const whole = new Uint8Array(400);
  const view = new Uint32Array(whole.buffer, 40, 80);

  strictEqual(crypto.getRandomValues(view), view);
  ok(view.some((value) => value !== 0));
  ok([...whole.subarray(0, 40), ...whole.subarray(360)].every((byte) => byte === 0));
});

Deno.test("getRandomValues() refuses what browsers refuse, by the same names", () => {
  const fake = Object.create(Uint8Array.prototype);
  for (
    const odd of [
      new Float64Array(1),
      new DataView(new ArrayBuffer(1)),
      [1],
      {},
      null,
      undefined,
      fake,
    ]
  ) {
    throws(() => crypto.getRandomValues(odd), { name: "TypeMismatchError" });
  }
  throws(() => crypto.getRandomValues(new Uint8Array(65_537)), { name: "QuotaExceededError" });
  strictEqual(crypto.getRandomValues(new Uint16Array(32_768)).length, 32_768);
});
