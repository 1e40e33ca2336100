import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import { join } from "node:path";
import { type Airlock, createAirlock } from "../src/airlock.ts";
import { shopServer } from "../src/cli/process_deps.ts";
import { claimDataFolder } from "../src/storage/owner.ts";
import { childrenOf } from "./attacks/process_table.ts";

const settings = { kv: ":memory:", mcpServers: {}, sandbox: { warm: 1 } };
const withShop = { ...settings, mcpServers: { shop: shopEntry() } };

Deno.test("createAirlock() runs code over the shop's tools, and answers HTTP like its own methods", async () => {
  await using airlock = await createAirlock(withShop);

  const report = await airlock.run(
    `const { products } = await shop.top_products({ limit: 2 });
    await memory.set("best", products[0].name);
    return [input, products.length, await memory.get("best") === products[0].name]`,
    { input: "in", tools: ["shop.top_*", "memory.*"] },
  );
  const overHttp = await airlock.fetch(new Request(`http://localhost/v1/runs/${report.id}`));
  const tools = airlock.tools.search("best sellers", { detail: "names", limit: 1 });

  deepStrictEqual([report.status, report.result], ["succeeded", ["in", 2, true]]);
  deepStrictEqual(await overHttp.json(), report);
  deepStrictEqual(tools.map(({ name }) => name), ["shop.top_products"]);
  ok(airlock.tools.types(["shop.reviews"]).includes("reviews("));
  strictEqual(airlock.tools.types(["shop.reviews"]).includes("top_products("), false);
  strictEqual(airlock.readiness().ready, true);
});

Deno.test("Airlock.close() ends every process, also twice, and cancels what is under way", async () => {
  const childrenBefore = childrenOf(Deno.pid).length;
  const airlock = await createAirlock(withShop);
  const during = childrenOf(Deno.pid).length;
  const run = airlock.run("for (;;);", { check: false });
  await untilRunning(airlock);

  await Promise.all([airlock.close(), airlock.close()]);

  strictEqual((await run).status, "cancelled");
  ok(during > childrenBefore || Deno.build.os !== "linux");
  strictEqual(childrenOf(Deno.pid).length, childrenBefore);
});

Deno.test("Airlock.run() is cancelled by its signal, before and during, and not harmed by it after", async () => {
  const late = new AbortController();
  const stop = new AbortController();
  const airlock = await createAirlock(settings);

  const before = await airlock.run("for (;;);", { check: false, signal: AbortSignal.abort() });
  const running = airlock.run("for (;;);", { check: false, signal: stop.signal });
  await untilRunning(airlock);
  stop.abort();
  const ended = await airlock.run("return 1", { signal: late.signal });
  await airlock.close();
  late.abort();

  deepStrictEqual([before.status, (await running).status, ended.status], [
    "cancelled",
    "cancelled",
    "succeeded",
  ]);
});

Deno.test("createAirlock() refuses a data folder that has an owner, and settings that are wrong", async () => {
  const folder = await Deno.makeTempDir({ prefix: "airlock-test-" });
  const data = join(folder, "data");
  const claim = await claimDataFolder(data);
  ok(claim.owner);
  const url = "http://127.0.0.1:1";
  await claim.publish({ url, token: "s3cret", pid: Deno.pid, version: "0" });

  await rejects(createAirlock({ data, mcpServers: {} }), {
    code: "unavailable",
    message: `Cannot use data folder "${data}": another Airlock serves it at "${url}"`,
  });
  await rejects(createAirlock({ ...settings, limit: {} }), { code: "invalid_config" });

  await claim[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("createAirlock() owns its data folder until it is closed, and finds its runs there again", async () => {
  const folder = await Deno.makeTempDir({ prefix: "airlock-test-" });
  const data = join(folder, "data");
  const own = { ...settings, kv: undefined, data };
  const first = await createAirlock(own);
  const { id, result } = await first.run("return 1");

  const early = await claimDataFolder(data, { timeoutMs: 0 }).catch(({ code }) => code);
  await first.close();
  const second = await createAirlock(own);
  const { items } = await second.runs.list({ name: "local", tools: ["*"] });
  await second.close();

  strictEqual(early, "unavailable");
  deepStrictEqual(items.map((item) => [item.id, item.result]), [[id, result]]);
  await Deno.remove(folder, { recursive: true });
});

/** The example shop as configuration files name it. */
function shopEntry() {
  const shop = shopServer(new URL("../", import.meta.url));
  if (shop.transport !== "stdio") throw new TypeError("The shop is no process");
  const { command, args } = shop;
  return { command, args };
}

/** Resolves once the newest run has its place. */
async function untilRunning({ runs }: Airlock): Promise<void> {
  const principal = { name: "local", tools: ["*"] };
  for (;;) {
    const { items: [newest] } = await runs.list(principal);
    if (newest?.status === "running") return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
