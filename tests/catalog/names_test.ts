import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "assert";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { assignIdentifiers, identifierOf } from "../../src/catalog/names.ts";
import { reservedNames } from "../../src/catalog/reserved_names.ts";

Deno.test("identifierOf() replaces what no identifier may hold, character by character", () => {
  const identifiers = ["get-user", "a b.c/d", "Café", "👍", "$ok_1", "2fa", ""].map((name) =>
    identifierOf(name)
  );
  deepStrictEqual(identifiers, ["get_user", "a_b_c_d", "Caf_", "_", "$ok_1", "_2fa", "_"]);
});

Deno.test("identifierOf() puts an underscore behind reserved words, globals and object members", () => {
  for (const name of ["delete", "await", "memory", "ToolError", "Promise", "then", "__proto__"]) {
    strictEqual(identifierOf(name), `${name}_`);
  }
});

Deno.test("assignIdentifiers() gives a contested identifier to the name spelled so", () => {
  const names = assignIdentifiers(["a-b", "a_b", "a b"]);
  deepStrictEqual(Object.fromEntries(names), {
    "a_b": "a_b",
    "a-b": `a_b_${hex("a-b").slice(0, 4)}`,
    "a b": `a_b_${hex("a b").slice(0, 4)}`,
  });
});

Deno.test("assignIdentifiers() gives a contested identifier to nobody else", () => {
  const names = assignIdentifiers(["a-b", "a b"]);
  for (const name of names.values()) match(name, /^a_b_[0-9a-f]{4}$/);
});

Deno.test("assignIdentifiers() takes more digits where the suffix is taken as well", () => {
  const squatted = `a_b_${hex("a-b").slice(0, 4)}`;
  const names = assignIdentifiers(["a-b", "a b", squatted]);
  strictEqual(names.get(squatted), squatted);
  strictEqual(names.get("a-b"), `a_b_${hex("a-b").slice(0, 8)}`);
});

Deno.test("assignIdentifiers() gives each name a valid identifier of its own, in any order", () => {
  const name = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "-", "_", "1", ".", "é", "$"), maxLength: 4 }),
    fc.constantFrom("then", "then_", "memory", "memory_", "delete", "__proto__"),
  );
  fc.assert(fc.property(fc.uniqueArray(name, { maxLength: 12 }), (originals) => {
    const names = assignIdentifiers(originals);
    const reversed = assignIdentifiers(originals.toReversed());
    strictEqual(new Set(names.values()).size, originals.length);
    for (const original of originals) {
      const identifier = names.get(original) ?? "";
      match(identifier, /^[A-Za-z_$][\w$]*$/);
      ok(!reservedNames.has(identifier));
      strictEqual(reversed.get(original), identifier);
    }
  }));
});

Deno.test("assignIdentifiers() heeds further reserved names", () => {
  notStrictEqual(assignIdentifiers(["shop"], new Set(["shop"])).get("shop"), "shop");
});

function hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
