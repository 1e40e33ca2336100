import { deepStrictEqual, match, strictEqual } from "assert";
import { createApp } from "../../src/http/create_app.ts";
import { fakeDeps } from "./fake_deps.ts";

Deno.test("typeRoutes() declares all tools as plain text", async () => {
  const response = await createApp(fakeDeps()).request("/v1/types");

  match(response.headers.get("content-type") ?? "", /^text\/plain; ?charset=UTF-8$/);
  strictEqual(await response.text(), "declare bank.pay\ndeclare shop.top_products");
});

Deno.test("typeRoutes() takes several globs", async () => {
  const app = createApp(fakeDeps());

  const one = await (await app.request("/v1/types?tools=bank.*")).text();
  const both = await (await app.request("/v1/types?tools=bank.*&tools=shop.*")).text();

  deepStrictEqual([one, both], [
    "declare bank.pay",
    "declare bank.pay\ndeclare shop.top_products",
  ]);
});

Deno.test("typeRoutes() refuses a glob that is empty or too long", async () => {
  const app = createApp(fakeDeps());
  const globs = ["", "x".repeat(257)];

  const statuses = await Promise.all(
    globs.map(async (glob) => (await app.request(`/v1/types?tools=${glob}`)).status),
  );

  deepStrictEqual(statuses, [400, 400]);
});
