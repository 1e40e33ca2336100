import { deepStrictEqual, notDeepStrictEqual, ok, strictEqual } from "assert";
import { averageRating, categories, createShopData } from "../../examples/shop_data.ts";

Deno.test("createShopData() makes the same shop each time, and another from another seed", () => {
  deepStrictEqual(createShopData(), createShopData());
  notDeepStrictEqual(createShopData(1), createShopData(2));
});

Deno.test("createShopData() makes a shop that fits together", () => {
  const { products, reviews, orders } = createShopData();
  const ids = new Set(products.map(({ id }) => id));

  deepStrictEqual([products.length, reviews.length, orders.length], [24, 400, 150]);
  deepStrictEqual([...new Set(products.map(({ category }) => category))].sort(), [...categories]);
  ok([...reviews, ...orders].every(({ productId }) => ids.has(productId)));
  ok(reviews.every(({ rating }) => rating >= 1 && rating <= 5));
  ok(products.every(({ id, rating }) => rating === averageRating(id, reviews)));
  ok(products.every(({ sold }, i) => i === 0 || sold <= products[i - 1].sold));
});

Deno.test("averageRating() is 0 where nobody rated", () => {
  strictEqual(averageRating("p1", []), 0);
});
