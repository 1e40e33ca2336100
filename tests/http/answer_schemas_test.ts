import { deepStrictEqual } from "assert";
import { answerSchemas } from "../../src/http/answer_schemas.ts";
import type { AnswerName } from "../../src/http/answer_schemas.ts";
import { createApp } from "../../src/http/create_app.ts";
import { fakeDeps } from "./fake_deps.ts";

Deno.test("answerSchemas fit what the routes answer", async () => {
  const app = createApp(fakeDeps());
  const wholes: [string, AnswerName][] = [
    ["/healthz", "Health"],
    ["/readyz", "Readiness"],
    ["/.well-known/jwks.json", "JwkSet"],
    ["/v1/runs/run_1", "RunReport"],
    ["/v1/runs/run_1/receipts", "Receipts"],
    ["/v1/tools/bank.pay", "Tool"],
    ["/nowhere", "Problem"],
    ["/v1/runs?limit=0", "Problem"],
  ];

  for (const [path, name] of wholes) {
    const answer: unknown = await (await app.request(path)).json();
    deepStrictEqual(answerSchemas[name].parse(answer), answer, path);
  }
});

Deno.test("answerSchemas fit the items of lists", async () => {
  const app = createApp(fakeDeps());
  const lists: [string, AnswerName][] = [
    ["/v1/runs", "RunSummary"],
    ["/v1/tools", "ToolItem"],
    ["/v1/servers", "ServerState"],
    ["/v1/approvals", "Approval"],
  ];

  for (const [path, name] of lists) {
    const { items } = await (await app.request(path)).json();
    deepStrictEqual(items.map((item: unknown) => answerSchemas[name].parse(item)), items, path);
  }
});
