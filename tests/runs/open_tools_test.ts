import { deepStrictEqual, strictEqual } from "assert";
import { decodeJwt } from "jose";
import { type DispatchDeps, dispatchToolCall } from "../../src/bridge/dispatch.ts";
import { localPrincipal } from "../../src/grants/principal.ts";
import { listReceipts } from "../../src/receipts/receipt_store.ts";
import type { RunTools } from "../../src/runs/run_tools.ts";
import { openTools, type OpenToolsDeps } from "../../src/runs/open_tools.ts";
import { openRealTools } from "./real_runs.ts";

Deno.test("openTools() shows a principal its tools, under the name of every server", async () => {
  using tools = await openRealTools();
  const principal = { name: "ci", tools: ["shop.*"] };

  const { namespaces } = await openTools(tools.deps, "run_1", principal, ["*"]);
  const again = await openTools(tools.deps, "run_2", principal, ["*"]);
  const others = await openTools(tools.deps, "run_3", localPrincipal, ["*"]);

  deepStrictEqual(namespaces, [
    { name: "crm", server: "crm", tools: [] },
    { name: "shop", server: "shop", tools: [{ member: "reviews", tool: "reviews" }] },
  ]);
  strictEqual(again.namespaces, namespaces);
  strictEqual(others.namespaces[0].tools.length, 1);
});

Deno.test("openTools() fixes what a run may call: a server that goes is still there for it", async () => {
  using tools = await openRealTools();
  const opened = await openTools(tools.deps, "run_1", localPrincipal, ["shop.*"]);

  tools.catalog.removeServer("shop");

  strictEqual(await codeOf(opened, "shop.reviews"), "ok");
  strictEqual(await codeOf(opened, "crm.find"), "tool_denied");
  strictEqual(
    await codeOf(await openTools(tools.deps, "run_2", localPrincipal, ["*"]), "shop.reviews"),
    "tool_unknown",
  );
});

Deno.test("openTools() puts each call on record, answered or refused, its name cut where long", async () => {
  using tools = await openRealTools();
  const opened = await openTools(tools.deps, "run_1", localPrincipal, ["*"]);

  for (const name of ["shop.reviews", "x".repeat(5_000)]) await codeOf(opened, name);
  const receipts = await listReceipts(tools.kv, { principal: "local", run: "run_1" });

  const claims = receipts.map((receipt) => decodeJwt(receipt));
  deepStrictEqual(claims.map(({ seq, outcome, sub }) => [seq, outcome, sub]), [
    [1, "ok", "local"],
    [2, "denied", "local"],
  ]);
  strictEqual(claims[0].tool, "shop.reviews");
  strictEqual(/^x{64,1000}$/.test(String(claims[1].tool)), true);
});

Deno.test("openTools() observes good answers that code gets, and neither simulated nor direct ones", async () => {
  using tools = await openRealTools({
    tools: { reviews: () => [], pay: () => 1, flaky: () => Promise.reject(new Error("no")) },
    rules: [{ tool: "shop.pay", effect: "simulate" }],
  });
  const observed: string[] = [];
  const deps: OpenToolsDeps = { ...tools.deps, observe: ({ name }) => void observed.push(name) };
  const direct = { tools: [], answered: new Map() };

  const byCode = await openTools(deps, "run_1", localPrincipal, ["*"]);
  const byClient = await openTools(deps, "run_2", localPrincipal, ["*"], direct);
  const codes = [
    await codeOf(byCode, "shop.pay"),
    await codeOf(byCode, "shop.flaky"),
    await codeOf(byClient, "shop.reviews"),
    await codeOf(byCode, "shop.reviews"),
  ];

  deepStrictEqual(codes, ["ok", "tool_failed", "ok", "ok"]);
  deepStrictEqual(observed, ["shop.reviews"]);
  deepStrictEqual([...direct.answered.keys()], ["shop.reviews"]);
});

Deno.test("openTools() lets no tool be called that is blocked at that moment", async () => {
  using tools = await openRealTools();
  const reasons: string[] = [];
  const deps: OpenToolsDeps = { ...tools.deps, blocked: () => reasons[0] };
  const opened = await openTools(deps, "run_1", localPrincipal, ["*"]);

  const before = await codeOf(opened, "shop.reviews");
  reasons.push("it was changed");

  deepStrictEqual([before, await codeOf(opened, "shop.reviews")], ["ok", "tool_denied"]);
});

/** Calls a tool; gives `ok`, or the code of what the caller is told. */
async function codeOf({ dispatch, record }: RunTools, tool: string): Promise<string> {
  const deps: DispatchDeps = {
    ...dispatch,
    record: (made) => record(made),
    ask: () => Promise.reject(new Error("Nobody is there to be asked")),
  };
  const { signal } = new AbortController();
  const options = { maxAnswerBytes: 1_000, signal };
  const { answer } = await dispatchToolCall({ seq: 1, tool, args: {} }, deps, options);
  return "fault" in answer ? answer.fault.code : "ok";
}
