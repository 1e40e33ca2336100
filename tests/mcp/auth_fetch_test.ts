import { deepStrictEqual, rejects, strictEqual } from "assert";
import { assertAuthUrl, createAuthFetch } from "../../src/mcp/auth_fetch.ts";
import { serve } from "./fixtures/web_servers.ts";

const outside = new URL("https://server.example/mcp");
const local = new URL("http://127.0.0.1:8080/mcp");
const secrets = { hide: (text: string) => text.replaceAll("hidden-token", "[secret]") };

Deno.test("assertAuthUrl() lets logins lead to https, and to this machine only from here", () => {
  const judged = [
    [outside, "https://login.example/authorize"],
    [outside, "http://login.example/authorize"],
    [outside, "http://127.0.0.1:9000/token"],
    [outside, "https://localhost/token"],
    [outside, "https://10.1.2.3/token"],
    [outside, "https://169.254.169.254/latest"],
    [outside, "https://[::ffff:10.0.0.1]/token"],
    [outside, "https://[fd00::1]/token"],
    [outside, "https://0x7f000001/token"],
    [outside, "https://db.internal/token"],
    [outside, "https://user:word@login.example/token"],
    [outside, "file:///etc/passwd"],
    [local, "http://localhost:9000/token"],
    [new URL("https://10.0.0.1/mcp"), "https://10.0.0.2/token"],
  ] as const;

  const allowed = judged.filter(([server, url]) => isAllowed(new URL(url), server));

  deepStrictEqual(allowed.map(([, url]) => url), [
    "https://login.example/authorize",
    "http://localhost:9000/token",
    "https://10.0.0.2/token",
  ]);
});

Deno.test("createAuthFetch() follows no redirect, and hides secrets in what failures say", async () => {
  await using server = serve((request) =>
    request.url.endsWith("moved")
      ? new Response(null, { status: 302, headers: { location: "https://evil.example" } })
      : new Response("no hidden-token", { status: 400 })
  );
  const fetch = createAuthFetch({ server: local, secrets });

  const moved = await fetch(`${server.url}/moved`);
  const failed = await fetch(server.url);

  deepStrictEqual([moved.status, failed.status], [302, 400]);
  strictEqual(await failed.text(), "no [secret]");
});

Deno.test("createAuthFetch() gives up on silence, and on an answer that goes on", async () => {
  const over = new AbortController();
  await using server = serve((request) =>
    request.url.endsWith("silent")
      ? new Promise((resolve) =>
        over.signal.addEventListener("abort", () => resolve(new Response()))
      )
      : new Response(new Uint8Array(1024 * 1024 + 1))
  );
  const fetch = createAuthFetch({ server: local, secrets, timeoutMs: 50 });

  await rejects(async () => await fetch(`${server.url}/silent`), {
    kind: "unsent",
    message: "its login server is silent for 50 ms",
  });
  await rejects(async () => await fetch(server.url), { kind: "refused" });
  over.abort();
});

function isAllowed(url: URL, server: URL): boolean {
  try {
    assertAuthUrl(url, server);
    return true;
  } catch (error) {
    if (error instanceof Error && "kind" in error && error.kind === "refused") return false;
    throw error;
  }
}
