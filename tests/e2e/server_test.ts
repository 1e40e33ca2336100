import { deepStrictEqual, match, ok, strictEqual } from "assert";

import type { RunReport } from "../../src/runs/report.ts";
import type { ServerState } from "../../src/servers/server_state.ts";
import { descendants, spawn, startServer, until } from "./start_server.ts";

const isLinux = Deno.build.os === "linux";

Deno.test({
  name: "SIGTERM cancels what runs, ends every process, and leaves nothing behind",
  ignore: !isLinux,
  async fn() {
    await using server = await startServer();
    await readyServers(server.url, 1);
    const { id } = await (await server.post("/v1/runs", {
      code: "await shop.slow_report({ ms: 60000 })",
      wait: false,
    })).json();
    const events = fetch(`${server.url}/v1/runs/${id}/events`).then((r) => r.text());
    await until(async () => (await report(server.url, id)).calls.length === 1, "the call began");
    const children = await descendants(server.pid);

    const code = await server.end("SIGTERM");

    strictEqual(code, 0);
    ok(children.length >= 2, "a host and the shop");
    deepStrictEqual(children.filter(isAlive), []);
    match(await events, /"status":"cancelled"/);
    await using later = await startServer({ data: server.data });
    strictEqual((await report(later.url, id)).status, "cancelled");
  },
});

Deno.test({
  name: "kill -9 takes the hosts and servers along, and the next start finds the run dead",
  ignore: !isLinux,
  async fn() {
    await using server = await startServer();
    await readyServers(server.url, 1);
    const { id } = await (await server.post("/v1/runs", {
      code: "await sleep(60000)",
      wait: false,
    })).json();
    const children = await descendants(server.pid);

    await server.end("SIGKILL");

    await until(() => children.filter(isAlive).length === 0, "no child is left");
    await using later = await startServer({ data: server.data });
    const { status, error } = await report(later.url, id);
    deepStrictEqual([status, error?.code], ["failed", "sandbox_crashed"]);
  },
});

Deno.test("A server that fails, or never answers, holds up nobody", async () => {
  const hang = ["eval", "setInterval(() => {}, 1000)"];
  await using server = await startServer({
    config: {
      mcpServers: {
        gone: { command: "no-such-program-anywhere" },
        silent: { command: Deno.execPath(), args: hang, connectTimeoutMs: 60_000 },
        unset: { command: "x", env: { KEY: "${AIRLOCK_TEST_UNSET}" } },
        shop: shopEntry(),
      },
    },
  });

  const states = await readyServers(server.url, 1);

  const by = Object.fromEntries(states.map((state) => [state.name, state]));
  strictEqual(by.shop.state, "ready");
  strictEqual(by.silent.state, "connecting");
  deepStrictEqual([by.gone.state, by.unset.state], ["failed", "failed"]);
  match(by.gone.reason ?? "", /no-such-program-anywhere/);
  match(by.unset.reason ?? "", /AIRLOCK_TEST_UNSET/);
  strictEqual(
    (await server.run("return (await shop.product({ id: 'p1' })).product.id")).result,
    "p1",
  );
});

const refused: [name: string, args: string[], config: unknown, said: RegExp, code: number][] = [
  [
    "a key that is misspelled",
    [],
    { limit: {} },
    /limit is not a known key; nearest is "limits"/,
    2,
  ],
  ["a configuration that is no JSON", [], "{ nope", /airlock\.json/, 2],
  ["a port that is in use", ["--port", "USED"], {}, /in use/, 1],
  ["a data folder that is a file", ["--data", "airlock.json"], {}, /data folder/, 1],
  ["an address open to all, without keys", ["--host", "0.0.0.0", "--port", "0"], {}, /keys?/, 2],
  ["a command that does not exist", ["serv"], undefined, /serve/, 2],
];
for (const [name, args, config, said, code] of refused) {
  Deno.test(`airlock refuses ${name} in one clear sentence`, async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const folder = await Deno.makeTempDir({ prefix: "airlock-test-" });
    try {
      const text = typeof config === "string" ? config : JSON.stringify(config ?? {});
      await Deno.writeTextFile(`${folder}/airlock.json`, text);
      const given = args.map((arg) => arg.replace("USED", `${listener.addr.port}`));
      const command = config === undefined ? given : ["serve", "--data", "data", ...given];

      const { stderr, code: exit } = await spawn(command, { cwd: folder }).output();

      const lines = new TextDecoder().decode(stderr).split("\n").filter((line) =>
        line.startsWith("airlock:")
      );
      strictEqual(exit, code);
      match(lines.join("\n"), said);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("Keys decide who may call what, and what belongs to another is not found", async () => {
  const keys = [
    { name: "all", secret: "secret-of-all-1234", tools: ["*"] },
    { name: "few", secret: "secret-of-few-1234", tools: ["shop.reviews"] },
  ];
  await using server = await startServer({ config: { mcpServers: { shop: shopEntry() }, keys } });
  const as = (name: string) => ({ authorization: `Bearer secret-of-${name}-1234` });
  const run = async (name: string, code: string) =>
    await (await server.post("/v1/runs", { code, check: false }, as(name))).json();
  await until(async () => {
    const response = await fetch(`${server.url}/v1/tools`, { headers: as("all") });
    return (await response.json()).items.length > 0;
  }, "the shop is there");

  const anonymous = await server.post("/v1/runs", { code: "" });
  await anonymous.body?.cancel();
  const own = await run("all", "return (await shop.product({ id: 'p1' })).product.id");
  const denied = await run("few", "await shop.product({ id: 'p1' })");
  const allowed = await run(
    "few",
    "return (await shop.reviews({ id: 'p1', limit: 1 })).reviews.length",
  );
  const listed = await fetch(`${server.url}/v1/tools`, { headers: as("few") }).then((r) =>
    r.json()
  );
  const foreign = await fetch(`${server.url}/v1/runs/${own.id}`, { headers: as("few") });
  const rebound = await fetch(`${server.url}/v1/runs`, {
    headers: { ...as("all"), origin: "https://evil.example" },
  });
  await Promise.all([foreign.body?.cancel(), rebound.body?.cancel()]);

  deepStrictEqual([anonymous.status, foreign.status, rebound.status], [401, 404, 403]);
  deepStrictEqual([own.result, denied.error.code, allowed.result], ["p1", "tool_denied", 1]);
  deepStrictEqual(listed.items.map(({ name }: { name: string }) => name), ["shop.reviews"]);
});

Deno.test("A call that the policy asks about waits for a person, with the run's clock stopped", async () => {
  await using server = await startServer({
    config: {
      mcpServers: { shop: shopEntry() },
      policy: [{ tool: "shop.create_order", when: "arguments.quantity > 1", effect: "ask" }],
      limits: { timeoutMs: 3_000 },
    },
  });
  await readyServers(server.url, 1);
  const order = (quantity: number) =>
    `await shop.create_order({ product_id: "p1", quantity: ${quantity} })`;
  const started = await server.post("/v1/runs", {
    code: `${order(1)};\ntry { ${order(2)} } catch (e) { console.log(e.code, e.message) }\n${
      order(3)
    };\nreturn "done"`,
    check: false,
  });
  const waiting = await started.json();
  const decide = async (decision: string, note?: string) => {
    const { items: [{ id }] } = await fetch(`${server.url}/v1/approvals`).then((r) => r.json());
    await (await server.post(`/v1/approvals/${id}`, { decision, note })).body?.cancel();
    return id;
  };
  const first = await decide("deny", "too many");
  await until(async () => {
    const { items } = await fetch(`${server.url}/v1/approvals`).then((r) => r.json());
    return items.length === 1 && items[0].id !== first;
  }, "the next one waits");
  await decide("approve");
  await until(async () => (await report(server.url, waiting.id)).status === "succeeded", "the end");
  const ended = await report(server.url, waiting.id);

  deepStrictEqual([started.status, waiting.status], [202, "waiting"]);
  deepStrictEqual(ended.calls.map(({ status }) => status), ["ok", "denied", "ok"]);
  match(ended.logs[0].text, /^tool_denied .*too many/);
});

async function readyServers(url: string, count: number): Promise<ServerState[]> {
  let states: ServerState[] = [];
  await until(async () => {
    states = (await fetch(`${url}/v1/servers`).then((r) => r.json())).items;
    return states.filter(({ state }) => state === "ready").length >= count;
  }, `${count} servers are ready`);
  return states;
}

async function report(url: string, id: string) {
  const response = await fetch(`${url}/v1/runs/${id}`);
  const found: RunReport = await response.json();
  return found;
}

function shopEntry(): { command: string; args: string[] } {
  const file = (path: string) =>
    decodeURIComponent(new URL(`../../${path}`, import.meta.url).pathname);
  return {
    command: Deno.execPath(),
    args: ["run", "-A", "--quiet", "--config", file("deno.json"), file("examples/shop_server.ts")],
  };
}

function isAlive(pid: number): boolean {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return !/^\d+ \(.*\) Z/.test(stat);
  } catch {
    return false;
  }
}
