import { deepStrictEqual, match, rejects, strictEqual } from "assert";
import { z } from "zod";
import { ApiClient, apiPath } from "../../src/cli/api_client.ts";

Deno.test("ApiClient sends its token and JSON, and parses what is answered", async () => {
  await using server = serve(async (request) =>
    Response.json({ auth: request.headers.get("authorization"), body: await request.json() })
  );
  const api = new ApiClient({ url: server.url, token: "t0" });

  const answer = await api.json("/x", z.unknown(), { method: "POST", body: { a: 1 } });

  deepStrictEqual(answer, { auth: "Bearer t0", body: { a: 1 } });
});

Deno.test("ApiClient says where nobody answers", async () => {
  const server = serve(() => new Response());
  await server[Symbol.asyncDispose]();

  await rejects(new ApiClient({ url: server.url, token: "t" }).text("/"), {
    code: "unavailable",
    message: `Cannot reach "${server.url}": the process that owns the data folder does not answer`,
  });
});

Deno.test("ApiClient does not follow a redirect with its token", async () => {
  await using server = serve((request) =>
    Response.redirect(new URL("/elsewhere", request.url), 307)
  );

  await rejects(new ApiClient({ url: server.url, token: "t" }).text("/"), { code: "unavailable" });
});

Deno.test("ApiClient makes errors of what is no problem document, too", async () => {
  await using server = serve((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/html") return new Response("<h1>Bad gateway</h1>", { status: 502 });
    const problem = { code: "brand_new", title: "New", errors: [{ path: "a", message: "b" }] };
    return Response.json(problem, { status: 418 });
  });
  const api = new ApiClient({ url: server.url, token: "t" });

  await rejects(api.text("/html"), { code: "unavailable", message: /status 502/ });
  await rejects(api.text("/new"), { code: "internal", issues: [{ path: "a", message: "b" }] });
});

Deno.test("ApiClient refuses an answer of another shape", async () => {
  await using server = serve(() => new Response("not JSON"));

  const api = new ApiClient({ url: server.url, token: "t" });

  await rejects(api.json("/", z.object({ id: z.string() })), {
    code: "unavailable",
    message: /answers in another way/,
  });
});

Deno.test("apiPath() leaves out what is undefined", () => {
  strictEqual(apiPath("/v1/tools"), "/v1/tools");
  strictEqual(apiPath("/v1/tools", { q: undefined, limit: 3 }), "/v1/tools?limit=3");
  match(apiPath("/v1/tools", { q: "a b&c" }), /q=a\+b%26c$/);
});

function serve(handler: Deno.ServeHandler): AsyncDisposable & { url: string } {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
