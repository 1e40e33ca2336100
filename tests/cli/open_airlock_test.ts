import { deepStrictEqual, match, rejects, strictEqual } from "assert";
import { loadConfig } from "../../src/config/load_config.ts";
import { openAirlock, type OpenAirlockDeps } from "../../src/cli/open_airlock.ts";
import { serveHttp } from "../../src/http/serve.ts";
import { claimDataFolder } from "../../src/storage/owner.ts";
import { fakeApp } from "./fake_http.ts";
import { fakeAirlock } from "./fakes.ts";

Deno.test("openAirlock() owns a free folder, and a second one goes through the first", async () => {
  await using folder = await tempFolder();
  const log: string[] = [];
  const first = await openAirlock({}, fakeOpening(folder.path, log));

  const second = await openAirlock({}, fakeOpening(folder.path, log));
  const types = await second.airlock.tools.types(["x"], second.principal);
  await second.close();
  await first.close();

  deepStrictEqual(log, ["created", "listening", "server closed", "airlock closed"]);
  strictEqual(second.url, first.url);
  strictEqual(types, 'declare const globs: ["x"];');
});

Deno.test("openAirlock() gives the folder up when it is closed", async () => {
  await using folder = await tempFolder();
  const log: string[] = [];

  for (let i = 0; i < 2; i++) await (await openAirlock({}, fakeOpening(folder.path, log))).close();

  strictEqual(log.filter((line) => line === "created").length, 2);
});

Deno.test("openAirlock() refuses to serve a folder that another one serves, and says where", async () => {
  await using folder = await tempFolder();
  const first = await openAirlock({}, fakeOpening(folder.path, []));

  const second = openAirlock({ role: "owner" }, fakeOpening(folder.path, []));

  await rejects(second, ({ code, message }: { code: string; message: string }) => {
    strictEqual(code, "unavailable");
    match(message, /another Airlock serves it at "http:\/\/127\.0\.0\.1:\d+" \(process \d+\)$/);
    return true;
  });
  await first.close();
});

Deno.test("openAirlock() ends what it started when it cannot listen", async () => {
  await using folder = await tempFolder();
  const log: string[] = [];
  const deps = {
    ...fakeOpening(folder.path, log),
    listen: () => Promise.reject(new RangeError("no port")),
  };

  await rejects(openAirlock({}, deps), { message: "no port" });
  await (await openAirlock({}, fakeOpening(folder.path, log))).close();

  deepStrictEqual(log.slice(0, 2), ["created", "airlock closed"]);
});

Deno.test("openAirlock() acts as the key of the environment, here and through another process", async () => {
  await using folder = await tempFolder();
  const environment = { AIRLOCK_API_KEY: "a-long-secret-0123456789" };
  const first = await openAirlock({}, fakeOpening(folder.path, [], environment));

  const second = await openAirlock({}, fakeOpening(folder.path, [], environment));
  const states = await second.airlock.servers.states();
  await second.close();
  await first.close();

  deepStrictEqual([first.principal.name, second.principal.name], ["default", "default"]);
  strictEqual(states.length, 1);
});

Deno.test("openAirlock() owns no folder where the database is elsewhere", async () => {
  await using folder = await tempFolder();
  const deps = {
    ...fakeOpening(folder.path, [], { AIRLOCK_KV: ":memory:" }),
    claimDataFolder: () => Promise.reject(new TypeError("not to be claimed")),
  };

  const opened = await openAirlock({}, deps);
  await opened.close();

  deepStrictEqual(opened.isolation(), { process: "on" });
});

function fakeOpening(
  data: string,
  log: string[],
  environment: Record<string, string> = {},
): OpenAirlockDeps {
  return {
    version: "1.2.3",
    loadConfig: () => loadConfig({ settings: {}, data, environment, cwd: data }),
    claimDataFolder,
    startAirlock: ({ ownerToken }) => {
      log.push("created");
      const app = fakeApp({ ownerToken });
      return Promise.resolve({
        ...fakeAirlock({ close: () => Promise.resolve(void log.push("airlock closed")) }),
        fetch: async (request, info) => await app.fetch(request, info),
        stopRuns: () => Promise.resolve(),
        readiness: () => ({ isolation: { process: "on" } }),
      });
    },
    listen: (airlock, { host, port }) => {
      log.push("listening");
      const server = serveHttp(airlock, { host, port, hasKeys: false });
      return Promise.resolve({
        url: server.url,
        close: async () => {
          await server.close();
          log.push("server closed");
        },
      });
    },
  };
}

async function tempFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
