import { denoEnvironment } from "../../src/config/inherited_environment.ts";
import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import type { DisabledServer, ServerConfig } from "../../src/config/config.ts";
import { makeGrant, signCall } from "../../src/grants/signed_call.ts";
import { Upstreams } from "../../src/mcp/upstreams.ts";
import {
  environment,
  FakeCatalog,
  httpConfig,
  isRunning,
  oddConfig,
  signal,
  signedCall,
  stdioConfig,
} from "./fixtures/upstream_fixtures.ts";

Deno.test("Upstreams connects all at once, and one that hangs holds up nobody", async () => {
  const servers = [{ ...oddConfig("hangs"), name: "hangs" }, {
    ...oddConfig("plain"),
    name: "good",
  }];
  const { upstreams, catalog } = create(servers);
  await using _ = upstreams;

  upstreams.start();
  await catalog.until((catalog) => catalog.tools.has("good"));

  deepStrictEqual(await upstreams.invoke(catalog.call("good", "echo"), { signal }), {});
  deepStrictEqual(upstreams.states().map(({ state }) => state), ["connecting", "ready"]);
});

Deno.test("Upstreams.ready() resolves when each was tried, and states() tells what became of them", async () => {
  const servers = [
    { ...oddConfig("plain"), name: "good" },
    { ...oddConfig("hangs", { connectTimeoutMs: 200 }), name: "hangs" },
    { ...oddConfig("dies_at_start"), name: "dies" },
    stdioConfig("missing", [], { command: "no-such-program" }),
  ];
  const reason = 'Cannot use "off": variable "TOKEN" is not set';
  const { upstreams } = create(servers, [{ name: "off", transport: "http", reason }]);
  await using _ = upstreams;

  upstreams.start();
  await upstreams.ready();

  const states = upstreams.states();
  deepStrictEqual(states.map(({ name, state }) => [name, state]), [
    ["good", "ready"],
    ["hangs", "failed"],
    ["dies", "failed"],
    ["missing", "failed"],
    ["off", "failed"],
  ]);
  strictEqual(states[4].reason, reason);
});

Deno.test("Upstreams.invoke() goes to the server that the grant names, under its own name", async () => {
  const servers = [{ ...oddConfig("plain"), name: "a" }, { ...oddConfig("plain"), name: "b" }];
  const { upstreams, catalog } = create(servers);
  await using _ = upstreams;
  upstreams.start();
  await upstreams.ready();

  const answer = await upstreams.invoke(catalog.call("b", "echo", { to: "b" }), { signal });

  deepStrictEqual(answer, { to: "b" });
});

Deno.test("Upstreams.invoke() refuses what was not signed, what simulates, and who is not there", async () => {
  const { upstreams, catalog } = create([]);
  const signed = catalog.call("nobody", "echo");
  const lookAlike = { seq: 1, args: {}, grant: signed.grant, argsHash: signed.argsHash };
  const grant = makeGrant({ ...signed.grant, simulated: true });
  const simulated = signCall({ seq: 1, tool: "nobody.echo", args: {} }, grant);

  await rejects(upstreams.invoke(lookAlike, { signal }), TypeError);
  await rejects(upstreams.invoke(simulated, { signal }), TypeError);
  await rejects(upstreams.invoke(signed, { signal }), {
    code: "tool_failed",
    message: 'Cannot call "nobody.echo": server "nobody" is not configured',
  });
});

Deno.test("Upstreams.reconnect() connects anew, and knows whom it cannot", async () => {
  const disabled: DisabledServer = { name: "off", transport: "http", reason: "no token" };
  const { upstreams, catalog } = create([oddConfig("plain")], [disabled]);
  await using _ = upstreams;
  upstreams.start();
  await upstreams.ready();

  const { state } = await upstreams.reconnect("odd");

  deepStrictEqual([state, catalog.changes], ["ready", 2]);
  await rejects(upstreams.reconnect("off"), { code: "conflict" });
  await rejects(upstreams.reconnect("what"), { code: "not_found" });
});

Deno.test("Upstreams takes the reference servers over stdio", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { upstreams, catalog } = create([
      reference("everything", ["stdio"]),
      reference("filesystem", [folder]),
      reference("memory", [], { MEMORY_FILE_PATH: `${folder}/memory.jsonl` }),
    ]);
    await using _ = upstreams;
    upstreams.start();
    await upstreams.ready();

    await upstreams.invoke(
      catalog.call("filesystem", "write_file", { path: `${folder}/a.txt`, content: "hello" }),
      { signal },
    );
    const sum = await upstreams.invoke(
      catalog.call("everything", "get-sum", { a: 2, b: 3 }),
      { signal },
    );
    const graph = await upstreams.invoke(catalog.call("memory", "read_graph"), { signal });

    deepStrictEqual(upstreams.states().map(({ name, state }) => [name, state]), [
      ["everything", "ready"],
      ["filesystem", "ready"],
      ["memory", "ready"],
    ]);
    strictEqual(await Deno.readTextFile(`${folder}/a.txt`), "hello");
    strictEqual(sum, "The sum of 2 and 3 is 5.");
    deepStrictEqual(graph, { entities: [], relations: [] });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (const transport of ["streamableHttp", "sse"] as const) {
  Deno.test(`Upstreams takes the reference server over ${transport}`, async () => {
    await using server = await serveEverything(transport);
    // SSE is found by falling back from HTTP.
    const { upstreams, catalog } = create([httpConfig(server.url, { era: "auto" })]);
    await using _ = upstreams;
    upstreams.start();
    await upstreams.ready();

    const echoed = await upstreams.invoke(
      catalog.call("web", "echo", { message: "hello" }),
      { signal },
    );

    strictEqual(echoed, "Echo: hello");
    strictEqual(upstreams.states()[0].transport, transport === "sse" ? "sse" : "http");
  });
}

Deno.test("Upstreams notes that an event stream broke, and the call with it", async () => {
  const server = await serveEverything("sse");
  const { upstreams } = create([httpConfig(server.url, { transport: "sse" })]);
  await using _ = upstreams;
  upstreams.start();
  await upstreams.ready();
  const tool = { name: "trigger-long-running-operation", inputSchema: true };
  const slow = signedCall("web", tool, { duration: 60, steps: 60 });
  const begun = Promise.withResolvers<void>();
  const call = upstreams.invoke(slow, { signal, onProgress: () => begun.resolve() });
  call.catch(begun.reject);
  await begun.promise;

  await server[Symbol.asyncDispose]();

  await rejects(call, { code: "outcome_unknown" });
});

function create(
  servers: ServerConfig[],
  disabledServers: DisabledServer[] = [],
): { upstreams: Upstreams; catalog: FakeCatalog } {
  const catalog = new FakeCatalog();
  const deps = { catalog, environment };
  return { upstreams: new Upstreams({ servers, disabledServers }, deps), catalog };
}

function reference(name: string, args: string[], env: Record<string, string> = {}): ServerConfig {
  const specifier = `npm:@modelcontextprotocol/server-${name}@2026.8.31`;
  // With what Deno needs to fetch the package, where it is not in the cache yet.
  return stdioConfig(name, ["run", "-A", "--no-config", specifier, ...args], {
    env: { ...denoEnvironment(), ...env },
  });
}

/** The reference server on a free port of its own. */
async function serveEverything(
  transport: "streamableHttp" | "sse",
): Promise<AsyncDisposable & { url: string }> {
  const port = freePort();
  const specifier = "npm:@modelcontextprotocol/server-everything@2026.8.31";
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-config", specifier, transport],
    env: { PORT: String(port) },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let words = "";
  while (!words.includes(String(port))) {
    const { value, done } = await said.read();
    if (done) throw new Error(`Cannot serve: ${words}`);
    words += value;
  }
  return {
    url: `http://127.0.0.1:${port}/${transport === "sse" ? "sse" : "mcp"}`,
    async [Symbol.asyncDispose]() {
      if (isRunning(child.pid)) child.kill("SIGKILL");
      await Promise.all([child.status, said.cancel()]);
      ok(!isRunning(child.pid));
    },
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
