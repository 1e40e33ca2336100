import { deepStrictEqual, strictEqual } from "assert";
import { keys, serveAirlock } from "./served_airlock.ts";

Deno.test("one principal that floods gets 429 with Retry-After, and leaves a place to others", async () => {
  await using airlock = await serveAirlock({ sandbox: { warm: 1, maxConcurrent: 2, queue: 4 } });
  const post = (key: string, code: string, wait: boolean) =>
    fetch(`${airlock.url}/v1/runs`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ code, wait, check: false }),
    });

  const flood = await Promise.all(
    Array.from({ length: 8 }, () => post(keys.attacker, "await sleep(1e6)", false)),
  );
  const refusals = await Promise.all(flood.map(async (response) => ({
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    code: (await response.json()).code,
  })));
  const neighbour = await airlock.run(keys.neighbour, "return 1");

  const queueFull = { status: 429, retryAfter: "1", code: "queue_full" };
  deepStrictEqual(
    refusals.filter(({ status }) => status !== 202),
    Array(5).fill(queueFull),
  );
  strictEqual(neighbour.status, "succeeded");
});
