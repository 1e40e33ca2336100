import { deepStrictEqual, strictEqual } from "assert";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { createApp } from "../../src/http/create_app.ts";
import { fakeDeps, keyedConfig } from "./fake_deps.ts";

Deno.test("loginCallbackRoutes() takes an answer without a key, and hands on only what it knows", async () => {
  const seen: string[] = [];
  const app = createApp(fakeDeps({
    config: keyedConfig(),
    finishLogin: (params) => {
      seen.push(params.toString());
      return Promise.resolve("web");
    },
  }));

  const response = await app.request("/oauth/callback?state=s&code=c&iss=i&other=o");

  deepStrictEqual([response.status, await response.text(), seen], [
    200,
    'Airlock is logged in to "web". This page can be closed.',
    ["state=s&code=c&iss=i"],
  ]);
});

Deno.test("loginCallbackRoutes() refuses what is no answer, or nobody waits for", async () => {
  const app = createApp(fakeDeps({
    finishLogin: () => Promise.reject(new AirlockError("conflict", "Cannot log in: too late")),
  }));

  const none = await app.request("/oauth/callback?code=c");
  const late = await app.request("/oauth/callback?state=s&code=c");

  deepStrictEqual([none.status, late.status], [400, 409]);
  strictEqual((await late.json()).detail, "Cannot log in: too late");
});
