import { strictEqual } from "assert";
import { areKeysData } from "../../src/catalog/data_keys.ts";

Deno.test("areKeysData() takes words, also with a number or a sign, for names", () => {
  const names = ["id", "created_at", "content-type", "@type", "$ref", "_links", "sha256", "line2"];
  names.push("Order No.", "größe", "名前", "utf8mb4", "x86_64", "camelCase", "SCREAMING_CASE");

  for (const name of names) strictEqual(areKeysData([key(name)]), false, name);
});

Deno.test("areKeysData() takes ids, dates, addresses, paths and hidden signs for data", () => {
  const data = ["2026-01-02", "42", "0f8fad5b-d9cb-469f-a165-70867728950e", "a@b.example"];
  data.push("https://a.example/x", "src/main.ts", "ord_8f3a91c2", "V1StGX8Z5", "", "a\u200b");
  data.push("+49 30 123456", "12:30", "x".repeat(65), "a\nb");

  for (const name of data) strictEqual(areKeysData([key("id"), key(name)]), true, name);
});

Deno.test("areKeysData() takes many keys with the same content for data where they hold parts or come and go", () => {
  const names = ["ann", "bob", "cid", "dan", "eve", "fay", "gus", "hal"];
  const parts = { plain: [], items: { plain: ["string"] } };

  strictEqual(areKeysData(names.map((name) => key(name))), false);
  strictEqual(areKeysData(names.map((name, i) => ({ ...key(name), isAlways: i > 0 }))), true);
  strictEqual(areKeysData(names.slice(0, 5).map((name) => key(name, parts))), true);
  strictEqual(areKeysData(names.slice(0, 4).map((name) => key(name, parts))), false);
});

function key(name: string, shape: unknown = { plain: ["number"] }) {
  return { name, shape, isAlways: true };
}
