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

Deno.test("auth says what a server that needs a login needs", async () => {
  const state: ServerState = {
    name: "web",
    state: "needs_auth",
    transport: "http",
    tools: 0,
    quarantined: [],
  };
  const servers = { states: () => [state], ready: () => Promise.resolve() };

  const { code, errors } = await runCli(["auth", "web"], { airlock: fakeAirlock({ servers }) });

  strictEqual(code, 1);
  match(errors, /it needs a login, which has to be given as a header/);
});

Deno.test("auth names the nearest server where there is none", async () => {
  const { code, errors } = await runCli(["auth", "shp"]);

  deepStrictEqual([code, errors], [
    1,
    'airlock: Cannot log in to "shp": there is no such server; did you mean "shop"\n',
  ]);
});

Deno.test("accept says that no change is pending, and names the nearest tool", async () => {
  const known = await runCli(["accept", "shop.reviews"]);
  const unknown = await runCli(["accept", "shop.review"]);

  deepStrictEqual([known.code, known.errors], [
    1,
    'airlock: Cannot accept "shop.reviews": no change of it is pending\n',
  ]);
  deepStrictEqual([unknown.code, unknown.errors], [
    1,
    'airlock: Cannot accept "shop.review": there is no such tool; did you mean "shop.reviews"\n',
  ]);
});
