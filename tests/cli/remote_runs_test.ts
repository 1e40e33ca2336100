import { deepStrictEqual, rejects, strictEqual } from "assert";
import { ApiClient } from "../../src/cli/api_client.ts";
import { RemoteRuns } from "../../src/cli/remote_runs.ts";
import { localPrincipal } from "../../src/grants/principal.ts";
import type { RunEvent } from "../../src/runs/report.ts";
import { FakeRuns, makeReport } from "../mcp_server/fake_runs.ts";
import { serveFake } from "./fake_http.ts";

const never = new AbortController().signal;

Deno.test("RemoteRuns takes a run in and waits for it", async () => {
  const fake = new FakeRuns();
  await using server = serveFake({ runs: fake });
  const runs = new RemoteRuns(new ApiClient(server));

  const run = await runs.start(
    { code: "x", tools: ["shop.*"], input: [1], limits: { timeoutMs: 50 }, durable: true },
    localPrincipal,
    { idempotencyKey: "k1" },
  );

  deepStrictEqual(await runs.wait(run.id, localPrincipal, never), makeReport({ result: "x" }));
  deepStrictEqual((await run.settled).status, "succeeded");
  deepStrictEqual(JSON.parse(JSON.stringify(fake.started)), [
    { code: "x", tools: ["shop.*"], input: [1], limits: { timeoutMs: 50 }, durable: true },
  ]);
});

Deno.test("RemoteRuns gives the events of a run as they are", async () => {
  await using server = serveFake();
  const runs = new RemoteRuns(new ApiClient(server));
  const { id } = await runs.start({ code: "steps" }, localPrincipal);

  const events: RunEvent[] = [];
  for await (const item of await runs.events(id, localPrincipal, 1, never)) events.push(item);

  deepStrictEqual(events, [
    { id: 2, event: "call", data: { seq: 1, tool: "shop.a", status: "ok", ms: 1 } },
    { id: 3, event: "progress", data: { done: 3, total: 3 } },
    { id: 4, event: "log", data: { level: "log", text: "hello\u001b[31m", ms: 2 } },
    { id: 5, event: "end", data: makeReport({ result: "steps" }) },
  ]);
});

Deno.test("RemoteRuns cancels a run, and ends its wait", async () => {
  await using server = serveFake();
  const runs = new RemoteRuns(new ApiClient(server));
  const { id } = await runs.start({ code: "hang" }, localPrincipal);
  const waiting = runs.wait(id, localPrincipal, never);

  const report = await runs.cancel(id);

  strictEqual(report.status, "cancelled");
  strictEqual((await waiting).status, "cancelled");
});

Deno.test("RemoteRuns ends a wait with the state when its signal fires", async () => {
  const fake = new FakeRuns();
  await using server = serveFake({ runs: fake });
  const runs = new RemoteRuns(new ApiClient(server));
  const { id } = await runs.start({ code: "hang" }, localPrincipal);
  const stop = new AbortController();

  const waiting = runs.wait(id, localPrincipal, stop.signal);
  stop.abort();

  strictEqual((await waiting).status, "running");
});

Deno.test("RemoteRuns ends a wait for a run that waits for an approval", async () => {
  await using server = serveFake();
  const runs = new RemoteRuns(new ApiClient(server));
  const { id } = await runs.start({ code: "approve" }, localPrincipal);

  strictEqual((await runs.wait(id, localPrincipal, never)).status, "waiting");
});

Deno.test("RemoteRuns lists runs and receipts", async () => {
  await using server = serveFake();
  const runs = new RemoteRuns(new ApiClient(server));
  const { id } = await runs.start({ code: "x" }, localPrincipal);

  const page = await runs.list(localPrincipal, { limit: 5 });

  deepStrictEqual(page.items.map((item) => item.id), [id]);
  deepStrictEqual(await runs.receipts(id), []);
});

Deno.test("RemoteRuns gives errors of the server with their code", async () => {
  await using server = serveFake();
  const runs = new RemoteRuns(new ApiClient(server));

  await rejects(runs.report("run_9"), { name: "AirlockError", code: "not_found" });
  await rejects(runs.start({ code: "refuse" }, localPrincipal), {
    code: "queue_full",
    message: "Cannot start a run: the queue is full",
  });
  await rejects(runs.start({ code: "", limits: { timeoutMs: 1e9 } }, localPrincipal), {
    code: "invalid_request",
  });
});
