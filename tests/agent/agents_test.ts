import { deepStrictEqual, match, ok, strictEqual } from "assert";
import { localPrincipal } from "../../src/grants/principal.ts";
import { until } from "../e2e/start_server.ts";
import { startAgents } from "./start_agents.ts";

const path = "/v1/agents/helper";

for (const api of ["chat", "responses"] as const) {
  Deno.test(`an agent thinks with a model, acts in the sandbox and replies: ${api}`, async () => {
    await using agents = await startAgents((messages) => {
      const last = messages.at(-1);
      if (last?.role !== "tool") return { code: "return (await shop.top_products({ limit: 2 }))" };
      return last.text.includes("succeeded") ? "Two products were found." : "It failed.";
    }, { api });

    const made = await agents.json("PUT", path, { instructions: "Help with the shop." });
    const answer = await agents.json("POST", `${path}/messages`, { content: "What sells best?" });
    const page = await agents.json("GET", `${path}/messages`);
    const shown = await agents.json("GET", path);

    deepStrictEqual([made.name, made.status, made.messages], ["helper", "asleep", 0]);
    match(String(answer.id), /^msg_/);
    const { role, content } = Object(answer.reply);
    deepStrictEqual([role, content], ["assistant", "Two products were found."]);
    const [run] = Object(answer.runs);
    match(run, /^run_/);
    strictEqual(Object(answer.usage).turns, 2);
    const items = Object(page.items);
    deepStrictEqual(
      items.map((item: { role: string; content: string }) => [item.role, item.content]),
      [
        ["user", "What sells best?"],
        ["assistant", "Two products were found."],
      ],
    );
    deepStrictEqual([items[0].id, items[1].runs], [answer.id, [run]]);
    strictEqual(shown.messages, 2);
    const report = await agents.json("GET", `/v1/runs/${run}`);
    deepStrictEqual(Object(report.calls)[0].tool, "shop.top_products");
    const [asked] = agents.scripted.asked;
    match(asked[0].text, /Airlock.*Help with the shop\./s);
  });
}

Deno.test("messages of an agent are answered in order, each once, and remembered", async () => {
  await using agents = await startAgents((messages) => {
    const said = messages.filter(({ role }) => role === "user").map(({ text }) => text);
    return `heard ${said.join(" ")}`;
  });
  await agents.json("PUT", path, { instructions: "" });

  const { signal } = new AbortController();
  const sent = [];
  for (const content of ["a", "b", "c"]) {
    sent.push(await agents.airlock.agents.send("helper", content, localPrincipal));
  }
  const outcomes = await Promise.all(sent.map((message) => message.outcome(signal)));

  // Each reply quotes all that was said before.
  const contents = outcomes.map((outcome) => outcome?.reply.content);
  deepStrictEqual(contents, ["heard a", "heard a b", "heard a b c"]);
});

Deno.test("the same idempotency key gives the same answer again, and no second one", async () => {
  await using agents = await startAgents(() => "once");
  await agents.json("PUT", path, { instructions: "" });
  const send = (content: string) =>
    agents.request("POST", `${path}/messages`, { content }, { "idempotency-key": "k" });

  const first = await (await send("hello")).json();
  const second = await (await send("hello")).json();
  const other = await send("something else");

  deepStrictEqual(second, first);
  strictEqual(other.status, 422);
  await other.body?.cancel();
  strictEqual(agents.scripted.asked.length, 1);
});

Deno.test("an agent without a model keeps the message, and says what to set", async () => {
  await using agents = await startAgents(() => "never", { settings: { model: {} } });
  await agents.json("PUT", path, { instructions: "" });

  const answer = await agents.json("POST", `${path}/messages`, { content: "hello" });
  const page = await agents.json("GET", `${path}/messages`);

  strictEqual(Object(answer.error).code, "unavailable");
  match(Object(answer.reply).content, /Set OPENAI_API_KEY/);
  strictEqual(Object(page.items).length, 2);
});

Deno.test("the memory of an agent is its own, and goes with it", async () => {
  await using agents = await startAgents((messages) =>
    messages.at(-1)?.role === "tool"
      ? "kept"
      : { code: 'await memory.set("color", "blue"); return await memory.list()' }
  );
  await agents.json("PUT", path, { instructions: "" });
  await agents.json("PUT", "/v1/agents/other", { instructions: "" });
  await agents.json("POST", `${path}/messages`, { content: "remember blue" });
  await agents.airlock.run('await memory.set("size", "m")');

  const own = await agents.json("GET", `${path}/memory?prefix=c`);
  const found = await agents.json("GET", `${path}/memory?q=blue`);
  const others = await agents.json("GET", "/v1/agents/other/memory");
  const { status } = await agents.request("DELETE", path);
  await agents.json("PUT", path, { instructions: "" });
  const after = await agents.json("GET", `${path}/memory`);

  deepStrictEqual(
    Object(own.items).map(({ key, value }: { key: string; value: string }) => [key, value]),
    [
      ["color", "blue"],
    ],
  );
  strictEqual(Object(found.items).length, 1);
  deepStrictEqual([others.items, after.items, status], [[], [], 204]);
  deepStrictEqual((await agents.json("GET", `${path}/messages`)).items, []);
});

Deno.test("the state of an agent has versions, and merges patches", async () => {
  await using agents = await startAgents(() => "never");
  await agents.json("PUT", path, { instructions: "" });
  const patch = async (body: unknown, ifMatch?: string) => {
    const headers: HeadersInit = ifMatch === undefined ? {} : { "if-match": ifMatch };
    const response = await agents.request("PATCH", `${path}/state`, body, headers);
    return {
      status: response.status,
      etag: response.headers.get("etag") ?? "",
      body: await response.json(),
    };
  };

  const first = await patch({ a: 1, b: { c: 2 } });
  const second = await patch({ a: null, b: { d: 3 } }, first.etag);
  const late = await patch({ a: 9 }, first.etag);
  const large = await patch({ text: "x".repeat(1_048_576) });
  const read = await agents.request("GET", `${path}/state`);

  deepStrictEqual([second.status, second.body], [200, { b: { c: 2, d: 3 } }]);
  deepStrictEqual([late.status, late.body.code, large.status], [412, "conflict", 413]);
  deepStrictEqual([await read.json(), read.headers.get("etag")], [second.body, second.etag]);
});

Deno.test("an agent refuses bad names, bodies and strangers with a clear error", async () => {
  await using agents = await startAgents(() => "never");
  const refused: [method: string, path: string, body: unknown, status: number][] = [
    ["PUT", "/v1/agents/a%2Fb", { instructions: "" }, 400],
    ["PUT", `/v1/agents/${"a".repeat(10_000)}`, { instructions: "" }, 400],
    ["PUT", "/v1/agents/UPPER", { instructions: "" }, 400],
    ["PUT", path, { instruction: "" }, 400],
    ["PUT", path, { instructions: "", limits: { calls: 1e9 } }, 400],
    ["GET", path, undefined, 404],
    ["POST", `${path}/messages`, { content: "hello" }, 404],
    ["POST", `${path}/messages`, { content: "" }, 400],
    ["POST", `${path}/messages`, { content: "x".repeat(5_000_000) }, 413],
    ["GET", `${path}/state`, undefined, 404],
    ["DELETE", path, undefined, 404],
  ];
  for (const [method, where, body, status] of refused) {
    const response = await agents.request(method, where, body);
    const problem = await response.json();
    strictEqual(response.status, status, `${method} ${where.slice(0, 40)}`);
    ok(problem.detail.length > 10);
  }
});

Deno.test("a message is told as events: deltas, runs, calls, and its end", async () => {
  await using agents = await startAgents((messages) =>
    messages.at(-1)?.role === "tool"
      ? "all done"
      : { code: "return (await shop.top_products({ limit: 1 }))" }
  );
  await agents.json("PUT", path, { instructions: "" });

  const response = await agents.request("POST", `${path}/messages`, { content: "go" }, {
    accept: "text/event-stream",
  });
  const text = await response.text();

  const events = [...text.matchAll(/^event: (\w+)$/gm)].map(([, event]) => event);
  deepStrictEqual(events.filter((event) => event !== "delta"), ["run", "call", "run", "end"]);
  ok(events.includes("delta"));
  const end = JSON.parse(/event: end\ndata: (.*)/.exec(text)?.[1] ?? "{}");
  strictEqual(end.reply.content, "all done");
});

Deno.test("the code of an agent has SQL of its own, and so has its owner over HTTP", async () => {
  await using agents = await startAgents((messages) =>
    messages.at(-1)?.role === "tool" ? "done" : {
      code: `await sql("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)");
        await sql("INSERT INTO notes (text) VALUES (?)", ["tea"]);
        return await sql("SELECT text FROM notes")`,
    }
  );
  await agents.json("PUT", path, { instructions: "" });
  const answer = await agents.json("POST", `${path}/messages`, { content: "note tea" });
  const [run] = Object(answer.runs);
  const report = await agents.json("GET", `/v1/runs/${run}`);
  const read = await agents.json("POST", `${path}/sql`, {
    sql: "SELECT count(*) AS n FROM notes WHERE text = :text",
    params: { text: "tea" },
  });
  const bad = await agents.request("POST", `${path}/sql`, { sql: "ATTACH 'x' AS y" });
  const plain = await agents.airlock.run("return typeof sql");

  deepStrictEqual(Object(report.result).rows, [{ text: "tea" }]);
  deepStrictEqual([read.columns, read.rows], [["n"], [{ n: 1 }]]);
  deepStrictEqual([bad.status, plain.result], [400, "undefined"]);
  await bad.body?.cancel();
});

Deno.test("an alarm of an agent comes once as a message, and can be taken back", async () => {
  await using agents = await startAgents(() => "good night");
  await agents.json("PUT", path, { instructions: "" });
  const add = (body: unknown) => agents.request("POST", `${path}/schedules`, body);

  const later = await (await add({ cron: "0 7 * * *", timeZone: "Europe/Berlin", message: "up" }))
    .json();
  const soon = await (await add({ delayMs: 1, message: "bed time" })).json();
  const bad = await add({ cron: "* * * * * *", message: "x" });
  await until(async () => (await agents.json("GET", path)).messages === 2, "it is answered");
  const listed = await agents.json("GET", `${path}/schedules`);
  const removed = await agents.request("DELETE", `${path}/schedules/${later.id}`);
  const again = await agents.request("DELETE", `${path}/schedules/${later.id}`);
  const page = await agents.json("GET", `${path}/messages`);

  match(soon.id, /^sch_/);
  deepStrictEqual(Object(listed.items).map(({ id }: { id: string }) => id), [later.id]);
  deepStrictEqual([bad.status, removed.status, again.status], [400, 204, 404]);
  deepStrictEqual(Object(page.items).map(({ content }: { content: string }) => content), [
    "bed time",
    "good night",
  ]);
  await bad.body?.cancel();
  await again.body?.cancel();
});

Deno.test("a skill is saved by code or by hand, called by name, and kept in versions", async () => {
  const codes = [
    `return await skills.save({ name: "double", description: "doubles n", code: "return input.n * 2" })`,
    `return [await skills.double({ n: 21 }), (await skills.list()).length]`,
    `return await skills.broken({}).catch((error) => [error.code, error.message])`,
    `return await skills.self({}).catch((error) => error.message)`,
  ];
  await using agents = await startAgents((messages) => {
    if (messages.at(-1)?.role === "tool") return "done";
    return { code: codes[Number(messages.at(-1)?.text)] };
  });
  await agents.json("PUT", path, { instructions: "", tools: ["skills.*"] });
  const put = (name: string, code: string) =>
    agents.request("PUT", `${path}/skills/${name}`, { code, description: `It is ${name}` });
  const results: unknown[] = [];
  const ask = async (content: string) => {
    const { runs } = await agents.json("POST", `${path}/messages`, { content });
    results.push((await agents.json("GET", `/v1/runs/${Object(runs)[0]}`)).result);
  };

  await ask("0");
  await ask("1");
  await (await put("double", "return input.n * 2 + 0")).json();
  await (await put("broken", "throw new Error('no')")).json();
  await (await put("self", "return await skills.self({})")).json();
  await ask("2");
  await ask("3");
  const shown = await agents.json("GET", `${path}/skills/double`);
  const bad = await put("Bad-Name", "1");
  const removed = await agents.request("DELETE", `${path}/skills/double`);
  const gone = await agents.request("GET", `${path}/skills/double`);

  deepStrictEqual(results.slice(0, 2), [{ name: "double", version: 1 }, [42, 1]]);
  const [code, message] = Object(results[2]);
  strictEqual(code, "tool_failed");
  match(message, /Skill "broken" failed at line 1: no/);
  match(String(results[3]), /4 deep at the most/);
  deepStrictEqual(
    Object(shown.versions).map((
      { version, origin }: { version: number; origin: { by: string } },
    ) => [
      version,
      origin.by,
    ]),
    [[1, "run"], [2, "http"]],
  );
  deepStrictEqual([bad.status, removed.status, gone.status], [400, 204, 404]);
  match(
    agents.scripted.asked.at(-1)?.[0].text ?? "",
    /skills\.double\(args\?: any\).*doubles n|It is double/,
  );
  await bad.body?.cancel();
  await gone.body?.cancel();
});
