import { deepStrictEqual, match, strictEqual } from "assert";
import fc from "fast-check";
import { createApp } from "../../src/http/create_app.ts";
import { fakeDeps, keyedConfig, secret } from "./fake_deps.ts";

Deno.test("createApp() answers an unknown route with a problem", async () => {
  const response = await createApp(fakeDeps()).request("/v1/nothing");

  strictEqual(response.status, 404);
  strictEqual(response.headers.get("content-type"), "application/problem+json");
  deepStrictEqual(await response.json(), {
    type: "about:blank",
    title: "Not Found",
    status: 404,
    detail: 'Cannot find "/v1/nothing": no such route',
    code: "not_found",
  });
});

Deno.test("createApp() answers a method that a route lacks with 405 and Allow", async () => {
  const app = createApp(fakeDeps());

  const put = await app.request("/v1/runs", { method: "PUT" });
  const get = await app.request("/v1/runs/run_1/cancel");

  deepStrictEqual([put.status, put.headers.get("allow")], [405, "GET, HEAD, OPTIONS, POST"]);
  deepStrictEqual([get.status, get.headers.get("allow")], [405, "OPTIONS, POST"]);
  strictEqual((await put.json()).code, "method_not_allowed");
});

Deno.test("createApp() answers OPTIONS with the methods there are", async () => {
  const app = createApp(fakeDeps());

  const known = await app.request("/v1/tools/a.b", { method: "OPTIONS" });
  const unknown = await app.request("/v1/nothing", { method: "OPTIONS" });

  deepStrictEqual([known.status, known.headers.get("allow")], [204, "GET, HEAD, OPTIONS"]);
  strictEqual(unknown.status, 404);
});

Deno.test("createApp() answers HEAD as GET without the body", async () => {
  const response = await createApp(fakeDeps()).request("/v1/tools", { method: "HEAD" });

  deepStrictEqual([response.status, response.body], [200, null]);
});

Deno.test("createApp() hands every method of /mcp over, for the principal that asks", async () => {
  const app = createApp(fakeDeps({ config: keyedConfig() }));
  const headers = { authorization: `Bearer ${secret}` };

  const answers = await Promise.all(["GET", "POST", "DELETE"].map(async (method) => {
    return (await app.request("/mcp?mode=passthrough", { method, headers })).json();
  }));
  const refused = await app.request("/mcp", { method: "POST" });

  deepStrictEqual(answers, [
    { method: "GET", as: "ci" },
    { method: "POST", as: "ci" },
    { method: "DELETE", as: "ci" },
  ]);
  strictEqual(refused.status, 401);
});

Deno.test("createApp() secures every answer, refusals too", async () => {
  const app = createApp(fakeDeps({ config: keyedConfig() }));
  const paths = ["/", "/healthz", "/v1/runs", "/nowhere", "/mcp"];

  for (const path of paths) {
    const { headers } = await app.request(path);
    strictEqual(headers.get("x-content-type-options"), "nosniff", path);
    strictEqual(headers.get("cache-control"), "no-store", path);
    match(headers.get("content-security-policy") ?? "", /^default-src 'none'; /, path);
    strictEqual(headers.get("access-control-allow-origin"), null, path);
  }
});

Deno.test("createApp() answers any path and method below 500", async () => {
  const app = createApp(fakeDeps());
  const method = fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
  const segment = fc.oneof(
    fc.constantFrom("v1", "runs", "tools", "types", "servers", "approvals", "mcp", "events", "%"),
    fc.string().map(encodeURIComponent),
    fc.webPath(),
  );

  await fc.assert(
    fc.asyncProperty(method, fc.array(segment, { maxLength: 5 }), async (method, segments) => {
      const response = await app.request(`/${segments.join("/")}`, { method });
      await response.body?.cancel();
      strictEqual(response.status < 500, true);
    }),
    { numRuns: 300 },
  );
});
