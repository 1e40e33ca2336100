import { deepStrictEqual, match, strictEqual } from "assert";
import {
  type ExampleAgent,
  nightlyReport,
  researcher,
  shopAssistant,
} from "../../examples/agents.ts";
import { startAgents } from "../agent/start_agents.ts";
import { until } from "../e2e/start_server.ts";
import type { Script } from "../model/scripted_model.ts";

Deno.test("the shop assistant advises by itself, and waits for a person before it orders", async () => {
  await using agents = await open(shopAssistant, (messages) => {
    const last = messages.at(-1);
    if (last?.role === "tool") return "Here you are.";
    return last?.text.startsWith("order")
      ? { code: "return await shop.create_order({ product_id: 'p1', quantity: 1 })" }
      : { code: "return (await shop.top_products({ limit: 3 }))" };
  });
  const path = `/v1/agents/${shopAssistant.name}`;

  const advice = await agents.json("POST", `${path}/messages`, { content: shopAssistant.message });
  const waiting = await agents.request("POST", `${path}/messages`, { content: "order p1" });
  const { items } = await agents.json("GET", "/v1/approvals");
  await agents.json("POST", `/v1/approvals/${Object(items)[0].id}`, { decision: "approve" });
  await until(async () => (await agents.json("GET", path)).messages === 4, "it is answered");

  strictEqual(Object(advice.reply).content, "Here you are.");
  deepStrictEqual([waiting.status, (await waiting.json()).status], [202, "waiting"]);
  strictEqual(Object(items)[0].tool, "shop.create_order");
});

Deno.test("the nightly report comes by its alarm, and remembers the night before", async () => {
  const code = `const before = await memory.get("report");
    const top = await shop.top_products({ limit: 3 });
    await memory.set("report", { night: (before?.night ?? 0) + 1 });
    return before`;
  await using agents = await open(
    nightlyReport,
    (messages) =>
      messages.at(-1)?.role === "tool"
        ? `It said ${/"night": ?(\d+)/.exec(messages.at(-1)?.text ?? "")?.[1] ?? "nothing"}`
        : { code },
  );
  const path = `/v1/agents/${nightlyReport.name}`;

  const planned = await agents.json("POST", `${path}/schedules`, nightlyReport.schedule);
  for (const night of [1, 2]) {
    await agents.json("POST", `${path}/schedules`, {
      delayMs: 1,
      message: "Write tonight's report.",
    });
    await until(
      async () => (await agents.json("GET", path)).messages === 2 * night,
      "it is written",
    );
  }
  const { items } = await agents.json("GET", `${path}/messages`);

  match(String(planned.next), /T0[01]:00:00/);
  deepStrictEqual(Object(items).map(({ content }: { content: string }) => content), [
    "Write tonight's report.",
    "It said nothing",
    "Write tonight's report.",
    "It said 1",
  ]);
});

const hasNpx = await new Deno.Command("npx", {
  args: ["--version"],
  stdout: "null",
  stderr: "null",
})
  .output().then(({ success }) => success, () => false);

Deno.test({
  name: "the researcher reads files and is kept from writing them (needs npx)",
  ignore: !hasNpx,
  fn: async () => {
    await using agents = await open(
      researcher,
      (messages) =>
        messages.at(-1)?.role === "tool" ? "Read." : {
          code: `const list = await files.list_directory({ path: ${JSON.stringify(Deno.cwd())} });
          const refused = await files.write_file({ path: "x", content: "" }).catch(({ code }) => code);
          return [/README\\.md/.test(JSON.stringify(list)), refused]`,
        },
    );
    const path = `/v1/agents/${researcher.name}`;

    const answer = await agents.json("POST", `${path}/messages`, { content: researcher.message });
    const report = await agents.json("GET", `/v1/runs/${Object(answer.runs)[0]}`);

    deepStrictEqual(report.result, [true, "tool_denied"], JSON.stringify(report.error));
  },
});

async function open({ name, definition, settings }: ExampleAgent, script: Script) {
  const agents = await startAgents(script, { settings });
  await agents.json("PUT", `/v1/agents/${name}`, definition);
  return agents;
}
