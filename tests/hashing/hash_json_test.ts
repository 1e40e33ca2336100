import { notStrictEqual, strictEqual, throws } from "assert";
import fc from "fast-check";
import { hashJson, hashText } from "../../src/hashing/hash_json.ts";

Deno.test("hashText() is the base64url SHA-256 of the UTF-8 bytes", () => {
  // "abc": FIPS 180-2, appendix B.1.
  strictEqual(hashText("abc"), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
  strictEqual(hashText("").length, 43);
});

/** RFC 8785, appendix B: the bits of a number and how it is written. */
const numbers: [bits: bigint, text: string][] = [
  [0x0000000000000000n, "0"],
  [0x8000000000000000n, "0"],
  [0x0000000000000001n, "5e-324"],
  [0x8000000000000001n, "-5e-324"],
  [0x7fefffffffffffffn, "1.7976931348623157e+308"],
  [0xffefffffffffffffn, "-1.7976931348623157e+308"],
  [0x4340000000000000n, "9007199254740992"],
  [0xc340000000000000n, "-9007199254740992"],
  [0x4430000000000000n, "295147905179352830000"],
  [0x44b52d02c7e14af5n, "9.999999999999997e+22"],
  [0x44b52d02c7e14af6n, "1e+23"],
  [0x44b52d02c7e14af7n, "1.0000000000000001e+23"],
  [0x444b1ae4d6e2ef4en, "999999999999999700000"],
  [0x444b1ae4d6e2ef4fn, "999999999999999900000"],
  [0x444b1ae4d6e2ef50n, "1e+21"],
  [0x3eb0c6f7a0b5ed8cn, "9.999999999999997e-7"],
  [0x3eb0c6f7a0b5ed8dn, "0.000001"],
  [0x41b3de4355555553n, "333333333.3333332"],
  [0x41b3de4355555554n, "333333333.33333325"],
  [0x41b3de4355555555n, "333333333.3333333"],
  [0x41b3de4355555556n, "333333333.3333334"],
  [0x41b3de4355555557n, "333333333.33333343"],
  [0xbecbf647612f3696n, "-0.0000033333333333333333"],
  [0x43143ff3c1cb0959n, "1424953923781206.2"],
];

Deno.test("hashJson() writes numbers as RFC 8785, appendix B", () => {
  for (const [bits, text] of numbers) {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, bits);
    strictEqual(hashJson(view.getFloat64(0)), hashText(text), text);
  }
});

Deno.test("hashJson() writes the example of RFC 8785, section 3.2.2", () => {
  const value = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`);

  strictEqual(
    hashJson(value),
    hashText(
      String
        .raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
        String.raw`"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    ),
  );
});

Deno.test("hashJson() sorts keys by UTF-16 code units, as in RFC 8785, section 3.2.3", () => {
  const value = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
  };

  strictEqual(
    hashJson(value),
    hashText(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control",' +
        '"\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign",' +
        '"\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ),
  );
});

Deno.test("hashJson() takes no notice of the order of keys, at any depth", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    strictEqual(hashJson(reversed(value)), hashJson(value));
  }));
});

Deno.test("hashJson() tells halves of surrogate pairs apart, in any order of keys", () => {
  const hashes = ["\ud83d", "\ude00", "\ufffd", "\\ud83d"].map((text) => hashJson({ text }));

  strictEqual(new Set(hashes).size, 4);
  strictEqual(hashJson({ a: 1, b: ["\ud83d"] }), hashJson({ b: ["\ud83d"], a: 1 }));
  notStrictEqual(hashJson({ "\ud83d": 1 }), hashJson({ "\ude00": 1 }));
});

Deno.test("hashJson() hashes any text that JSON can hold, each to its own hash", () => {
  const units = fc.array(fc.integer({ min: 0xd700, max: 0xe0ff }), { maxLength: 6 });
  const texts = units.map((all) => String.fromCharCode(...all));

  fc.assert(fc.property(texts, texts, (one, other) => {
    strictEqual(hashJson([one]) === hashJson([other]), one === other);
  }));
});

Deno.test("hashJson() hashes a number out of range as it is sent", () => {
  strictEqual(hashJson(JSON.parse("[1e999]")), hashJson([null]));
});

Deno.test("hashJson() refuses what is not JSON", () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);

  for (const value of [undefined, () => {}, Symbol("x"), 1n, cycle]) {
    throws(() => hashJson(value), TypeError);
  }
});

/** The same value with all its keys in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, each]) => [key, reversed(each)]));
}
