import { deepStrictEqual, strictEqual } from "assert";
import { createApp } from "../../src/http/create_app.ts";
import type { HttpDeps, PeerInfo } from "../../src/http/http_deps.ts";
import { fakeDeps, keyedConfig, localPeer, peer, secret, strangePeer } from "./fake_deps.ts";

const config = keyedConfig();
const ownerToken = "a-token-of-the-owning-process";

Deno.test("authenticate() takes each configured key as its principal", async () => {
  deepStrictEqual(await whoIs({ config }, { authorization: `Bearer ${secret}` }), "ci");
  deepStrictEqual(await whoIs({ config }, { authorization: `bearer  ${secret} ` }), "ci");
});

Deno.test("authenticate() refuses what is not a configured key", async () => {
  const headers = [
    undefined,
    "",
    secret,
    "Bearer",
    "Bearer ",
    `Bearer ${secret}x`,
    `Bearer ${secret.slice(1)}`,
    `Bearer ${secret} ${secret}`,
    `Basic ${btoa(`ci:${secret}`)}`,
  ];

  const answers = await Promise.all(headers.map((authorization) => {
    return whoIs({ config, ownerToken }, authorization === undefined ? {} : { authorization });
  }));

  deepStrictEqual(answers, headers.map(() => 401));
});

Deno.test("authenticate() lets only health and the empty console through without a key", async () => {
  const app = createApp(fakeDeps({ config }));
  const gets = app.routes.filter(({ method, path }) => method === "GET" && !path.includes("*"));

  const open = [];
  for (const { path } of gets) {
    const { status } = await app.request(path.replace(/:\w+/, "x"), {}, strangePeer);
    if (status !== 401) open.push(path);
  }

  deepStrictEqual(open.sort(), [
    "/",
    "/.well-known/jwks.json",
    "/healthz",
    "/oauth/callback",
    "/readyz",
  ]);
});

Deno.test("authenticate() takes the owner's token as local, beside keys", async () => {
  const headers = { authorization: `Bearer ${ownerToken}` };

  strictEqual(await whoIs({ config, ownerToken }, headers), "local");
  strictEqual(await whoIs({ config }, headers), 401);
});

Deno.test("authenticate() serves only loopback peers without keys", async () => {
  const addresses = ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"];
  const others = ["10.0.0.1", "::ffff:10.0.0.1", "fe80::1", "128.0.0.1", "127.0.0.1.example", ""];

  const local = await Promise.all(addresses.map((address) => whoIs({}, {}, peer(address))));
  const strange = await Promise.all(others.map((address) => whoIs({}, {}, peer(address))));

  deepStrictEqual(local, addresses.map(() => "local"));
  deepStrictEqual(strange, others.map(() => 403));
});

Deno.test("authenticate() tells a peer elsewhere nothing at all without keys", async () => {
  const app = createApp(fakeDeps());

  const response = await app.request("/readyz", {}, strangePeer);

  deepStrictEqual([response.status, (await response.json()).code], [403, "forbidden"]);
});

Deno.test("authenticate() serves an unknown peer without keys only where that was allowed", async () => {
  strictEqual(await whoIs({ trustUnknownPeers: true }, {}, {}), "local");
  strictEqual(await whoIs({ trustUnknownPeers: false }, {}, {}), 403);
  strictEqual(await whoIs({ trustUnknownPeers: undefined }, {}, {}), 403);
});

Deno.test("authenticate() serves peers elsewhere with a key", async () => {
  strictEqual(await whoIs({ config }, { authorization: `Bearer ${secret}` }, strangePeer), "ci");
});

/** Name of the principal that `/mcp` is served for, or the status of a refusal. */
async function whoIs(
  deps: Partial<HttpDeps>,
  headers: Record<string, string>,
  info: PeerInfo = localPeer,
): Promise<string | number> {
  const response = await createApp(fakeDeps(deps)).request("/mcp", { headers }, info);
  return response.ok ? (await response.json()).as : response.status;
}
