import { deepStrictEqual, match, rejects } from "assert";
import { OAuthClient } from "../../src/mcp/oauth_client.ts";
import { PendingLogin } from "../../src/mcp/pending_login.ts";
import { memoryStore } from "./fixtures/login_fixtures.ts";

Deno.test("PendingLogin expects one answer, to its own login", async () => {
  using fixture = await create();
  const pending = await PendingLogin.begin({
    callbackUrl: "http://127.0.0.1:1/oauth/callback",
    start: fixture.start,
    onAnswer: () => Promise.resolve(""),
  });
  const [client] = fixture.started;

  const before = [client.stateText, "", null, "x".repeat(64)].map((state) =>
    pending.expects(state)
  );
  pending.take();

  deepStrictEqual(before, [true, false, false, false]);
  deepStrictEqual(pending.expects(client.stateText), false);
  deepStrictEqual(client.redirectUrl, "http://127.0.0.1:1/oauth/callback");
});

Deno.test("PendingLogin listens at a port of its own where there is no other, until it is closed", async () => {
  using fixture = await create();
  const pending = await PendingLogin.begin({
    start: fixture.start,
    onAnswer: () => Promise.resolve("taken"),
  });
  const redirectUrl = fixture.started[0].redirectUrl ?? "";

  const taken = await (await fetch(redirectUrl)).text();
  await pending.close();

  deepStrictEqual(taken, "taken");
  await rejects(fetch(redirectUrl), TypeError);
});

Deno.test("PendingLogin.begin() listens no more where the login cannot begin", async () => {
  let redirectUrl = "";
  const start = (url: string) => {
    redirectUrl = url;
    return Promise.reject(new Error("no login"));
  };

  await rejects(PendingLogin.begin({ start, onAnswer: () => Promise.resolve("") }), /no login/);

  match(redirectUrl, /^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/);
  await rejects(fetch(redirectUrl), TypeError);
});

async function create() {
  const { kv, store } = await memoryStore();
  const started: OAuthClient[] = [];
  const start = (redirectUrl: string) => {
    const client = new OAuthClient({
      server: new URL("https://server.example/mcp"),
      config: { grant: "authorization_code", scopes: [] },
      logins: store.of("web", "https://server.example/mcp"),
      secrets: { learn: () => {} },
      onLogin: () => {},
    }, { redirectUrl });
    started.push(client);
    return Promise.resolve(client);
  };
  return { started, start, [Symbol.dispose]: () => kv.close() };
}
