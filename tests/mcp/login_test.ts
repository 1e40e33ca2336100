import { deepStrictEqual, match, ok, rejects, strictEqual } from "assert";
import type { AuthServerOptions } from "./fixtures/auth_server.ts";
import { AuthServer, visit } from "./fixtures/auth_server.ts";
import { GuardedUpstream, memoryStore } from "./fixtures/login_fixtures.ts";

Deno.test("Login takes a person to the login page, and connects with what comes back", async () => {
  await using server = new AuthServer();
  const { kv, store } = await memoryStore();
  using _ = kv;
  await using guarded = await new GuardedUpstream(server, store).start();

  const before = guarded.state;
  const text = await guarded.logIn();

  deepStrictEqual(before, ["needs_auth", 'Cannot connect to "web": it wants a login']);
  strictEqual(text, 'Airlock is logged in to "web". This page can be closed.');
  deepStrictEqual(guarded.catalog.names("web"), ["read", "write"]);
  const [page] = server.log.pages;
  deepStrictEqual(
    [page.get("code_challenge_method"), page.get("resource"), page.get("response_type")],
    ["S256", server.url, "code"],
  );
  match(page.get("redirect_uri") ?? "", /^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/);
  deepStrictEqual(server.log.registrations.length, 1);
});

Deno.test("Login hides its tokens in what the server answers", async () => {
  await using server = new AuthServer();
  const { kv, store } = await memoryStore();
  using _ = kv;
  await using guarded = await new GuardedUpstream(server, store).start();
  await guarded.logIn();

  const answer = await guarded.call("read");

  strictEqual(answer, "Bearer [secret]");
});

Deno.test("Login outlives a restart, and tokens lie encrypted in the database", async () => {
  await using server = new AuthServer();
  const { kv, store } = await memoryStore();
  using _ = kv;
  {
    await using first = await new GuardedUpstream(server, store).start();
    await first.logIn();
  }

  await using second = await new GuardedUpstream(server, store).start();

  deepStrictEqual(second.state, ["ready", undefined]);
  const entries = await Array.fromAsync(kv.list<unknown>({ prefix: [] }));
  const stored = entries.map(({ value }) => {
    ok(value instanceof Uint8Array);
    return new TextDecoder().decode(value);
  }).join();
  strictEqual(server.tokens.some((token) => stored.includes(token)), false);
});

Deno.test("Login renews an expired token once for all calls that wait", async () => {
  await using server = new AuthServer();
  const { kv, store } = await memoryStore();
  using _ = kv;
  await using guarded = await new GuardedUpstream(server, store).start();
  await guarded.logIn();
  server.expire();

  const answers = await Promise.all(Array.from({ length: 8 }, () => guarded.call("read")));

  deepStrictEqual(new Set(answers), new Set(["Bearer [secret]"]));
  const grants = server.log.tokenRequests.map((request) => request.get("grant_type"));
  deepStrictEqual(grants, ["authorization_code", "refresh_token"]);
});

Deno.test("Login asks a person again where the login was revoked", async () => {
  await using server = new AuthServer();
  const { kv, store } = await memoryStore();
  using _ = kv;
  await using guarded = await new GuardedUpstream(server, store).start();
  await guarded.logIn();
  server.revoke();

  await rejects(guarded.call("read"), {
    code: "tool_failed",
    message: 'Cannot call "web.read": it wants a login',
  });
  await guarded.upstreams.reconnect("web");
  const revoked = guarded.state[0];
  await guarded.logIn();

  deepStrictEqual([revoked, guarded.state[0]], ["needs_auth", "ready"]);
  strictEqual(server.log.registrations.length, 2);
});

Deno.test("Login keeps tokens while the login server fails, and goes on afterwards", async () => {
  await using server = new AuthServer();
  const { kv, store } = await memoryStore();
  using _ = kv;
  await using guarded = await new GuardedUpstream(server, store).start();
  await guarded.logIn();
  server.expire();
  server.fail(true);
  await rejects(guarded.call("read"), { code: "tool_failed" });
  const changes = guarded.catalog.changes;

  server.fail(false);
  await guarded.catalog.until((catalog) => catalog.changes > changes);

  strictEqual(await guarded.call("read"), "Bearer [secret]");
  strictEqual(server.log.pages.length, 1);
});

Deno.test("Login refuses an answer of another issuer, and no token is asked for", async () => {
  await using server = new AuthServer({ iss: "https://evil.example" });
  const { kv, store } = await memoryStore();
  using _ = kv;
  await using guarded = await new GuardedUpstream(server, store).start();

  const { text } = await visit((await guarded.upstreams.login("web")).url);

  match(text, /^Cannot log in to "web": its login server does not call itself by the name/);
  strictEqual(text.includes("evil"), false);
  deepStrictEqual(server.log.tokenRequests, []);
  strictEqual(guarded.state[0], "needs_auth");
});

Deno.test("Login tells that a person said no", async () => {
  await using server = new AuthServer({ person: "no" });
  const { kv, store } = await memoryStore();
  using _ = kv;
  await using guarded = await new GuardedUpstream(server, store).start();

  const { text } = await visit((await guarded.upstreams.login("web")).url);

  strictEqual(text, 'Cannot log in to "web": its login server says "access_denied"');
});

Deno.test("Login takes an answer at Airlock's own address once, and no other", async () => {
  await using server = new AuthServer();
  const { kv, store } = await memoryStore();
  using _ = kv;
  const own = "http://127.0.0.1:1/oauth/callback";
  await using guarded = await new GuardedUpstream(server, store, {}, () => own).start();
  const { url } = await guarded.upstreams.login("web");
  const response = await fetch(url, { redirect: "manual" });
  await response.body?.cancel();
  const answer = new URL(response.headers.get("location") ?? "");
  const foreign = new URLSearchParams({ ...Object.fromEntries(answer.searchParams), state: "x" });
  const late = { code: "conflict", message: /nobody waits for this answer any more$/ };

  strictEqual(answer.origin + answer.pathname, own);
  await rejects(guarded.upstreams.finishLogin(foreign), late);
  strictEqual(await guarded.upstreams.finishLogin(answer.searchParams), "web");
  await rejects(guarded.upstreams.finishLogin(answer.searchParams), late);
  await guarded.catalog.until((catalog) => catalog.changes > 0);
});

Deno.test("Login asks for further rights where a call wants them, and other calls go on", async () => {
  await using server = new AuthServer();
  const { kv, store } = await memoryStore();
  using _ = kv;
  await using guarded = await new GuardedUpstream(server, store, { scopes: ["read"] }).start();
  await guarded.logIn();

  await rejects(guarded.call("write"), {
    code: "tool_failed",
    message: 'Cannot call "web.write": it wants a login with further rights',
  });
  const wanted = guarded.state[0];
  const other = await guarded.call("read");
  await guarded.logIn();

  deepStrictEqual([wanted, other], ["needs_auth", "Bearer [secret]"]);
  deepStrictEqual([await guarded.call("write"), guarded.state[0]], ["written", "ready"]);
  strictEqual(server.log.pages[1].get("scope"), "read write");
});

Deno.test("Login with client credentials asks nobody, and widens itself", async () => {
  await using server = new AuthServer({ clients: { robot: "robot-secret" } });
  const { kv, store } = await memoryStore();
  using _ = kv;
  await using guarded = await new GuardedUpstream(server, store, {
    grant: "client_credentials",
    clientId: "robot",
    clientSecret: "robot-secret",
    scopes: ["read"],
  }).start();

  const written = await guarded.call("write");

  deepStrictEqual([written, guarded.state[0]], ["written", "ready"]);
  deepStrictEqual(server.log.tokenRequests.map((request) => request.get("scope")), [
    "read",
    "read write",
  ]);
  await rejects(guarded.upstreams.login("web"), { code: "conflict" });
});

Deno.test("Login uses a client's metadata document where the login server takes one", async () => {
  await using server = new AuthServer({ takesDocuments: true });
  const { kv, store } = await memoryStore();
  using _ = kv;
  const clientMetadataUrl = "https://airlock.example/client.json";
  await using guarded = await new GuardedUpstream(server, store, { clientMetadataUrl }).start();

  await guarded.logIn();

  deepStrictEqual(server.log.registrations, []);
  strictEqual(server.log.pages[0].get("client_id"), clientMetadataUrl);
});

Deno.test("Login with a registered client comes back to its port", async () => {
  await using server = new AuthServer({ clients: { mine: "my-own-secret" } });
  const { kv, store } = await memoryStore();
  using _ = kv;
  const callbackPort = freePort();
  const oauth = { clientId: "mine", clientSecret: "my-own-secret", callbackPort };
  await using guarded = await new GuardedUpstream(server, store, oauth).start();

  await guarded.logIn();

  strictEqual(
    server.log.pages[0].get("redirect_uri"),
    `http://localhost:${callbackPort}/callback`,
  );
  deepStrictEqual(server.log.registrations, []);
});

Deno.test("Login sends a configured secret to no other login server than the first time", async () => {
  await using thief = new AuthServer();
  const choices: AuthServerOptions = { clients: { robot: "robot-secret" } };
  await using server = new AuthServer(choices);
  const { kv, store } = await memoryStore();
  using _ = kv;
  const oauth = {
    grant: "client_credentials",
    clientId: "robot",
    clientSecret: "robot-secret",
  } as const;
  await using guarded = await new GuardedUpstream(server, store, oauth).start();

  choices.authorizationServer = thief.issuer;
  server.revoke();
  await rejects(guarded.call("read"), /its login server is another one than before$/);

  deepStrictEqual(thief.log.tokenRequests, []);
});

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
