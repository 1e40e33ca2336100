import { deepStrictEqual, strictEqual } from "assert";
import fc from "fast-check";
import { Seal } from "../../src/storage/seal.ts";

const place = ["oauth_login", "web"];

Deno.test("Seal.open() gives back any text that was closed for the same place", async () => {
  const seal = await Seal.of(new Uint8Array(32));

  await fc.assert(fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
    strictEqual(await seal.open(await seal.close(text, place), place), text);
  }));
});

Deno.test("Seal.open() gives nothing for another place, another key, or changed bytes", async () => {
  const seal = await Seal.of(new Uint8Array(32));
  const other = await Seal.of(new Uint8Array(32).fill(1));
  const sealed = await seal.close("a token", place);
  const changed = sealed.with(-1, (sealed.at(-1) ?? 0) ^ 1);

  const opened = await Promise.all([
    seal.open(sealed, ["oauth_login", "other"]),
    other.open(sealed, place),
    seal.open(changed, place),
    seal.open(sealed.slice(0, 4), place),
  ]);

  deepStrictEqual(opened, [undefined, undefined, undefined, undefined]);
});
