import { deepStrictEqual, strictEqual } from "assert";
import { connect } from "./connect.ts";
import { fakeDeps } from "./fake_runs.ts";

Deno.test("createMcpServer() says what is wrong with arguments, names and runs", async () => {
  await using client = await connect(fakeDeps());
  const texts: string[] = [];

  for (
    const [name, args] of [
      ["execute", {}],
      ["execute", { code: "1", timeout: 5 }],
      ["search", { query: "x", limit: 1000 }],
      ["wait", { run_id: "run_9" }],
      ["exceute", { code: "1" }],
      ["shop.top_products", {}],
      ["execute", { code: "refuse" }],
    ] as const
  ) {
    const answer = await client.callTool({ name, arguments: args });
    strictEqual(answer.isError, true);
    texts.push(Object(answer.content)[0].text);
  }

  deepStrictEqual(texts, [
    'Cannot call "execute": "code": Invalid input: expected string, received undefined',
    'Cannot call "execute": Unrecognized key: "timeout"',
    'Cannot call "search": "limit": Too big: expected number to be <=50',
    'Cannot find run "run_9": there is none',
    'Cannot call "exceute": there is no such tool; did you mean "execute"',
    'Cannot call "shop.top_products": there is no such tool; tools of servers are called from code: use execute',
    "Cannot start a run: the queue is full\nTry again in 2 s",
  ]);
});
