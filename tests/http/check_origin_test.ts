import { deepStrictEqual, strictEqual } from "assert";
import { createApp } from "../../src/http/create_app.ts";
import { fakeConfig, fakeDeps, post } from "./fake_deps.ts";

const hosts = ["airlock.example", "exact.example:8443"];
const origins = ["https://app.example", "vscode-webview://panel"];

Deno.test("checkOrigin() accepts loopback names and configured hosts", async () => {
  const accepted = [
    "localhost",
    "LOCALHOST:1",
    "127.0.0.1:8787",
    "[::1]",
    "[::1]:8787",
    "airlock.example",
    "Airlock.Example:443",
    "exact.example:8443",
  ];

  deepStrictEqual(await statusesOf(accepted.map((host) => ({ host }))), accepted.map(() => 200));
});

Deno.test("checkOrigin() refuses any other Host", async () => {
  const refused = [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "localhost@evil.example",
    "evil.example:80@localhost",
    "exact.example",
    "exact.example:1",
    "127.0.0.2",
    "0.0.0.0",
    "[::]",
    "localhost:",
    "localhost:x",
    "localhost, evil.example",
    "",
  ];

  deepStrictEqual(await statusesOf(refused.map((host) => ({ host }))), refused.map(() => 403));
});

Deno.test("checkOrigin() accepts loopback, configured and its own origins", async () => {
  const accepted = [
    { host: "localhost:8787", origin: "http://localhost:8787" },
    { host: "localhost:8787", origin: "http://127.0.0.1:3000" },
    { host: "localhost:8787", origin: "http://[::1]:3000" },
    { host: "localhost:8787", origin: "https://app.example" },
    { host: "localhost:8787", origin: "vscode-webview://panel" },
    { host: "airlock.example", origin: "https://airlock.example" },
  ];

  deepStrictEqual(await statusesOf(accepted), accepted.map(() => 200));
});

Deno.test("checkOrigin() refuses pages of other sites", async () => {
  const refused = [
    "https://evil.example",
    "null",
    "https://app.example.evil.example",
    "http://app.example",
    "http://localhost.evil.example",
    "http://localhost@evil.example",
    "file://",
    "",
  ].map((origin) => ({ host: "localhost", origin }));

  deepStrictEqual(await statusesOf(refused), refused.map(() => 403));
});

Deno.test("checkOrigin() refuses an origin that is another configured host", async () => {
  const headers = { host: "localhost", origin: "https://airlock.example" };

  deepStrictEqual(await statusesOf([headers]), [403]);
});

Deno.test("checkOrigin() answers host_refused as a problem", async () => {
  const response = await createAppOf().request("/healthz", { headers: { host: "evil.example" } });

  const { code, detail } = await response.json();
  deepStrictEqual(
    [response.status, code, detail],
    [403, "host_refused", 'Cannot serve the Host "evil.example": it is not accepted'],
  );
});

Deno.test("allowOrigins() lets only configured origins read answers", async () => {
  const app = createAppOf();
  const preflight = (origin: string) =>
    app.request("/v1/runs", {
      method: "OPTIONS",
      headers: { origin, host: "localhost", "access-control-request-method": "POST" },
    });

  const listed = await preflight("https://app.example");
  const local = await preflight("http://localhost:3000");
  const read = await app.request("/v1/tools", {
    headers: { origin: "https://app.example", host: "localhost" },
  });

  const header = "access-control-allow-origin";
  deepStrictEqual(
    [listed, local, read].map((response) => response.headers.get(header)),
    ["https://app.example", null, "https://app.example"],
  );
  strictEqual(read.headers.get("vary"), "Origin");
});

Deno.test("a form of another site cannot start a run, even with an accepted origin", async () => {
  const types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""];

  const statuses = await Promise.all(types.map(async (type) => {
    const init = post({ code: "1" }, { "content-type": type });
    return (await createAppOf().request("/v1/runs", init)).status;
  }));

  deepStrictEqual(statuses, [400, 400, 400, 400]);
});

function createAppOf() {
  const listen = { host: "127.0.0.1", port: 8787, hosts, origins };
  return createApp(fakeDeps({ config: fakeConfig({ listen }) }));
}

async function statusesOf(all: Record<string, string>[]): Promise<number[]> {
  const app = createAppOf();
  return await Promise.all(
    all.map(async (headers) => (await app.request("/healthz", { headers })).status),
  );
}
