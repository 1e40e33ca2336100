import { deepStrictEqual, match, strictEqual } from "assert";
import type { ServerState } from "../../src/servers/server_state.ts";
import { fakeAirlock, runCli } from "./fakes.ts";

Deno.test("auth says which state a server is in, and fails", async () => {
  const { code, errors } = await runCli(["auth", "shop"]);

  strictEqual(code, 1);
  strictEqual(
    errors,
    'airlock: Cannot log in to "shop": it needs no login, its state is "ready"\n',
  );
});

Deno.test("auth prints the page, and ends when the server is ready", async () => {
  let isLoggedIn = false;
  const servers = {
    states: () => [web(isLoggedIn ? "ready" : "needs_auth")],
    ready: () => Promise.resolve(),
    login: (name: string) => {
      isLoggedIn = true;
      return Promise.resolve({ url: `https://login.example/${name}` });
    },
  };

  const { code, output, errors } = await runCli(["auth", "web"], {
    airlock: fakeAirlock({ servers }),
  });

  deepStrictEqual([code, output], [0, "https://login.example/web\n"]);
  match(errors, /Logged in: "web" is ready, with 0 tools/);
});

Deno.test("auth fails where the server fails after the login", async () => {
  let isLoggedIn = false;
  const servers = {
    states: () => [web(isLoggedIn ? "failed" : "needs_auth")],
    ready: () => Promise.resolve(),
    login: () => {
      isLoggedIn = true;
      return Promise.resolve({ url: "https://login.example" });
    },
  };

  const { code, errors } = await runCli(["auth", "web"], { airlock: fakeAirlock({ servers }) });

  strictEqual(code, 1);
  match(errors, /Cannot log in to "web": it failed/);
});

Deno.test("auth names the nearest server where there is none", async () => {
  const { code, errors } = await runCli(["auth", "shp"]);

  deepStrictEqual([code, errors], [
    1,
    'airlock: Cannot log in to "shp": there is no such server; did you mean "shop"\n',
  ]);
});

function web(state: ServerState["state"]): ServerState {
  return { name: "web", state, transport: "http", tools: 0, quarantined: [] };
}
