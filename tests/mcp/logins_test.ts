import { deepStrictEqual } from "assert";
import { Logins } from "../../src/mcp/logins.ts";
import { sealKey } from "./fixtures/login_fixtures.ts";

Deno.test("Logins.callbackUrl() is where a browser of this machine gets to Airlock", async () => {
  using kv = await Deno.openKv(":memory:");
  const logins = await Logins.open(kv, sealKey);
  const urls = [undefined, "http://127.0.0.1:8787", "http://[::1]:1", "http://192.168.1.5:8787"];

  const callbacks = urls.map((url) => {
    if (url !== undefined) logins.listensAt(url);
    return logins.callbackUrl();
  });

  deepStrictEqual(callbacks, [
    undefined,
    "http://127.0.0.1:8787/oauth/callback",
    "http://[::1]:1/oauth/callback",
    undefined,
  ]);
});
