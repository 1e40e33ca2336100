import { deepStrictEqual, rejects, strictEqual } from "assert";
import { followRedirects, type RequestPlan } from "../../src/openapi/follow_redirects.ts";
import { serve } from "../mcp/fixtures/web_servers.ts";

const { signal } = new AbortController();

Deno.test("followRedirects() goes on as browsers do", async () => {
  await using server = serve(async (request) => {
    const { pathname } = new URL(request.url);
    const status = Number(pathname.slice(1));
    if (status >= 300) return new Response(null, { status, headers: { location: "/200" } });
    const type = request.headers.get("content-type") ?? "none";
    return new Response([request.method, type, await request.text()].join(" "));
  });
  const seen: string[] = [];
  for (const status of [302, 303, 307, 308]) {
    const plan = planFor(server.port, `/${status}`, "POST", "body");
    seen.push(await (await followRedirects(plan, () => true, signal)).text());
  }

  deepStrictEqual(seen, ["GET none ", "GET none ", "POST text/x body", "POST text/x body"]);
});

Deno.test("followRedirects() takes no header to another origin, and asks before it goes", async () => {
  const seen: (string | null)[] = [];
  await using other = serve((request) => {
    seen.push(request.headers.get("authorization"));
    return new Response("there");
  });
  await using server = serve(() =>
    new Response(null, { status: 302, headers: { location: `http://127.0.0.1:${other.port}/` } })
  );
  const plan = planFor(server.port, "/");

  await rejects(followRedirects(plan, () => false, signal), {
    kind: "refused",
    message: `it redirects to "http://127.0.0.1:${other.port}", where requests must not go`,
  });
  strictEqual(await (await followRedirects(plan, () => true, signal)).text(), "there");

  deepStrictEqual(seen, [null]);
});

Deno.test("followRedirects() ends where redirects do not", async () => {
  await using server = serve(() => new Response(null, { status: 307, headers: { location: "/" } }));

  await rejects(followRedirects(planFor(server.port, "/"), () => true, signal), {
    message: "it redirects more than 5 times",
  });
});

function planFor(port: number, path: string, method = "GET", body?: string): RequestPlan {
  const headers = new Headers({ authorization: "Bearer secret", "content-type": "text/x" });
  const url = new URL(path, `http://127.0.0.1:${port}`);
  return { url, method, headers, ...(body !== undefined && { body }) };
}
