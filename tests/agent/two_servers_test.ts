import { deepStrictEqual, strictEqual } from "assert";
import { createAirlock } from "../../src/airlock.ts";
import { localPrincipal } from "../../src/grants/principal.ts";
import { serveKv } from "../kv_connect/serve_kv.ts";
import { startScriptedModel } from "../model/scripted_model.ts";

Deno.test("two servers on one KV serve the same agents: each message once, in one history", async () => {
  await using stack = new AsyncDisposableStack();
  const scripted = stack.use(
    await startScriptedModel((messages) =>
      messages.at(-1)?.role === "tool"
        ? "counted"
        : { code: "await memory.set('n', 1 + (await memory.get('n') ?? 0))" }
    ),
  );
  const remote = stack.use(serveKv());
  // Deno takes the token of a remote KV from the environment.
  Deno.env.set("DENO_KV_ACCESS_TOKEN", remote.token);
  stack.defer(() => Deno.env.delete("DENO_KV_ACCESS_TOKEN"));
  const model = { baseUrl: scripted.baseUrl, apiKey: "test", model: "scripted" };
  const settings = { kv: remote.url, model, mcpServers: {} };
  const first = stack.use(await createAirlock(settings));
  const second = stack.use(await createAirlock(settings));
  await first.agents.put("clerk", { instructions: "" }, localPrincipal);

  const sent = await Promise.all([first, second, first, second, second, first].map(
    ({ agents }, n) => agents.send("clerk", `message ${n}`, localPrincipal),
  ));
  const { signal } = new AbortController();
  const outcomes = await Promise.all(sent.map((message) => message.outcome(signal)));

  const { items } = await second.agents.messages("clerk", localPrincipal);
  const counted = await first.run("return 1");
  deepStrictEqual(outcomes.map((outcome) => outcome?.reply.content), Array(6).fill("counted"));
  deepStrictEqual(items.map(({ role }) => role), Array(6).fill(["user", "assistant"]).flat());
  strictEqual(new Set(items.map(({ id }) => id)).size, 12);
  strictEqual(counted.result, 1);
});
