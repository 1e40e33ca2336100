import { deepStrictEqual, match, strictEqual } from "assert";
import { connect } from "./connect.ts";
import { fakeDeps, FakeRuns } from "./fake_runs.ts";

Deno.test("executeTool() passes on what execute was given", async () => {
  const runs = new FakeRuns();
  await using client = await connect(fakeDeps({ runs }));

  await client.callTool({
    name: "execute",
    arguments: { code: "1", input: null, tools: ["shop.*"], timeout_ms: 50 },
  });

  deepStrictEqual(runs.started, [
    { code: "1", input: null, tools: ["shop.*"], limits: { timeoutMs: 50 } },
  ]);
});

Deno.test("executeTool() marks a failed run as an error, with its line", async () => {
  await using client = await connect(fakeDeps());

  const answer = await client.callTool({ name: "execute", arguments: { code: "fail" } });

  strictEqual(answer.isError, true);
  match(JSON.stringify(answer.content), /TypeError: no.*/);
  match(JSON.stringify(answer.content), /line 3, column 7/);
});

Deno.test("executeTool() answers with the state of a run that outlasts the wait", async () => {
  const runs = new FakeRuns();
  await using client = await connect(fakeDeps({ runs, defaultWaitMs: 1 }));

  const started = await client.callTool({ name: "execute", arguments: { code: "hang" } });
  const waited = await client.callTool({
    name: "wait",
    arguments: { run_id: "run_1", timeout_ms: 1 },
  });
  await runs.cancel("run_1");
  const ended = await client.callTool({ name: "wait", arguments: { run_id: "run_1" } });

  match(JSON.stringify(started.content), /still running/);
  strictEqual(started.isError, false);
  match(JSON.stringify(waited.content), /still running/);
  match(JSON.stringify(ended.content), /cancelled/);
});

Deno.test("executeTool() answers with a run that waits for an approval", async () => {
  await using client = await connect(fakeDeps());

  const answer = await client.callTool({ name: "execute", arguments: { code: "approve" } });

  match(JSON.stringify(answer.content), /waits for a person to approve/);
});
