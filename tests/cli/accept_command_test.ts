import { deepStrictEqual, strictEqual } from "assert";
import { fakeAirlock, runCli } from "./fakes.ts";

Deno.test("accept shows the difference, then accepts what it showed", async () => {
  const accepted: string[] = [];
  const tools = {
    ...fakeAirlock().tools,
    pendingChange: () => ({ hash: "h1", diff: "description:\n+ more" }),
    accept: (name: string, hash: string) => Promise.resolve(void accepted.push(`${name} ${hash}`)),
  };

  const { code, output } = await runCli(["accept", "shop.reviews"], {
    airlock: fakeAirlock({ tools }),
  });

  strictEqual(code, 0);
  strictEqual(output, "description:\n+ more\nAccepted shop.reviews (h1)\n");
  deepStrictEqual(accepted, ["shop.reviews h1"]);
});

Deno.test("accept says that no change is pending, and names the nearest tool", async () => {
  const known = await runCli(["accept", "shop.reviews"]);
  const unknown = await runCli(["accept", "shop.review"]);

  deepStrictEqual([known.code, known.errors], [
    1,
    'airlock: Cannot accept "shop.reviews": no change of it is pending\n',
  ]);
  deepStrictEqual([unknown.code, unknown.errors], [
    1,
    'airlock: Cannot accept "shop.review": there is no such tool; did you mean "shop.reviews"\n',
  ]);
});
