import { ok, strictEqual } from "assert";
import fc from "fast-check";
import { nearestName } from "../../src/errors/nearest_name.ts";

const names = ["shop.reviews", "shop.top_products", "crm.find", "mail.send"];
const text = fc.string({ minLength: 1, maxLength: 40 });

Deno.test("nearestName() finds what was mistyped", () => {
  const typos: [wrong: string, meant: string][] = [
    ["shop.review", "shop.reviews"],
    ["shop.topProducts", "shop.top_products"],
    ["SHOP.REVIEWS", "shop.reviews"],
    ["crm.fnid", "crm.find"],
    ["mial.send", "mail.send"],
  ];

  for (const [wrong, meant] of typos) strictEqual(nearestName(wrong, names), meant);
});

Deno.test("nearestName() suggests nothing that is far", () => {
  strictEqual(nearestName("weather.now", names), undefined);
  strictEqual(nearestName("", names), undefined);
  strictEqual(nearestName("shop.reviews", []), undefined);
});

Deno.test("nearestName() finds a name that is there, among any others", () => {
  fc.assert(fc.property(text, fc.array(text), (name, others) => {
    const found = nearestName(name, [...others, name]);
    strictEqual(found?.toLowerCase(), name.toLowerCase());
  }));
});

Deno.test("nearestName() finds a name of three characters or more with one left out", () => {
  const long = fc.string({ minLength: 3, maxLength: 40 });

  fc.assert(fc.property(long, fc.nat(), (name, at) => {
    const index = at % name.length;
    strictEqual(nearestName(name.slice(0, index) + name.slice(index + 1), [name]), name);
  }));
});

Deno.test("nearestName() gives one of the known names or none", () => {
  fc.assert(fc.property(text, fc.array(text), (wrong, known) => {
    const found = nearestName(wrong, known);
    ok(found === undefined || known.includes(found));
  }));
});

Deno.test("nearestName() prefers the nearer, and of equally near ones the first", () => {
  strictEqual(nearestName("reviewz", ["reviewers", "reviews"]), "reviews");
  strictEqual(nearestName("abcx", ["abcd", "abce"]), "abcd");
});

Deno.test("nearestName() looks at no more of a text than a name can have", () => {
  const long = "x".repeat(1_000_000);

  strictEqual(nearestName(long, names), undefined);
  strictEqual(nearestName(long, ["x".repeat(200)]), "x".repeat(200));
});
