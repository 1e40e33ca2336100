import { deepStrictEqual } from "assert";
import { createApp } from "../../src/http/create_app.ts";
import { fakeDeps } from "./fake_deps.ts";

Deno.test("healthRoutes() says that it is alive, and shows the public keys", async () => {
  const app = createApp(fakeDeps());

  const alive = await (await app.request("/healthz")).json();
  const keys = await (await app.request("/.well-known/jwks.json")).json();

  deepStrictEqual([alive, keys], [{ status: "ok" }, { keys: [{ kty: "OKP", kid: "k1" }] }]);
});

Deno.test("healthRoutes() answers 503 with the reason while it is not ready", async () => {
  const isolation = { process: true };
  const readiness = () => ({ ready: false, reason: "No host has started", isolation });

  const ready = await createApp(fakeDeps()).request("/readyz");
  const waiting = await createApp(fakeDeps({ readiness })).request("/readyz");

  deepStrictEqual([ready.status, await ready.json()], [200, { status: "ready", isolation }]);
  deepStrictEqual([waiting.status, await waiting.json()], [503, {
    status: "not_ready",
    reason: "No host has started",
    isolation,
  }]);
});
