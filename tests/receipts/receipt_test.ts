import { deepStrictEqual, strictEqual } from "assert";
import fc from "fast-check";
import { parseReceiptClaims, type ReceiptClaims } from "../../src/receipts/receipt.ts";

const hash = "a".repeat(43);
const claims: ReceiptClaims = {
  iss: hash,
  run: "run_1",
  seq: 1,
  call: 1,
  tool: "nothing.here",
  args: hash,
  answer: hash,
  outcome: "denied",
  iat: 1_790_000_000,
  ms: 0,
  sub: "local",
};

Deno.test("parseReceiptClaims() reads claims, and passes over later additions", () => {
  deepStrictEqual(parse({ ...claims, later: true }), claims);
});

Deno.test("parseReceiptClaims() refuses what is missing or of another kind", () => {
  const wrong: Record<string, unknown>[] = [
    ...Object.keys(claims).map((name) => ({ ...claims, [name]: undefined })),
    { ...claims, seq: 0 },
    { ...claims, seq: 1.5 },
    { ...claims, outcome: "fine" },
    { ...claims, args: "short" },
    { ...claims, prev: "" },
    { ...claims, tool: "x".repeat(601) },
  ];

  for (const each of wrong) strictEqual(parse(each), undefined);
});

Deno.test("parseReceiptClaims() reads any bytes without throwing", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    strictEqual(parseReceiptClaims(bytes), undefined);
  }));
});

function parse(value: unknown): ReceiptClaims | undefined {
  return parseReceiptClaims(new TextEncoder().encode(JSON.stringify(value)));
}
