import { deepStrictEqual, ok, rejects, strictEqual } from "assert";
import type { OpenApiConfig } from "../../src/config/config.ts";
import type { ToolArguments } from "../../src/grants/signed_call.ts";
import { makeGrant, signCall } from "../../src/grants/signed_call.ts";
import { OpenApiServers } from "../../src/openapi/openapi_servers.ts";
import type { OpenApiOptions } from "../../src/openapi/openapi_server.ts";
import type { Part } from "../../src/openapi/part.ts";
import { FakeCatalog, signal, signedCall } from "../mcp/fixtures/upstream_fixtures.ts";
import { serve } from "../mcp/fixtures/web_servers.ts";
import { documentOf, jsonAnswer, petstore31 } from "./fixtures/documents.ts";

/** Every style in every place, and every type of body; the server says what came. */
const echoed = documentOf({
  "/echo/{simple}/{label}/{matrix}": {
    post: {
      operationId: "echo",
      parameters: [
        { name: "simple", in: "path", explode: true },
        { name: "label", in: "path", style: "label" },
        { name: "matrix", in: "path", style: "matrix" },
        { name: "form", in: "query" },
        { name: "space", in: "query", style: "spaceDelimited" },
        { name: "pipe", in: "query", style: "pipeDelimited" },
        { name: "deep", in: "query", style: "deepObject" },
        { name: "X-List", in: "header" },
        { name: "crumb", in: "cookie" },
      ],
      requestBody: { content: { "application/json": {} } },
      responses: { "200": jsonAnswer({ type: "object" }) },
    },
  },
  "/form": post("form", "application/x-www-form-urlencoded", { a: {}, b: { type: "array" } }),
  "/parts": post("parts", "multipart/form-data", { file: { format: "binary" }, note: {} }),
  "/text": post("text", "text/plain"),
  "/status/{status}": {
    get: { operationId: "status", parameters: [{ name: "status", in: "path" }] },
    post: { operationId: "post_status", parameters: [{ name: "status", in: "path" }] },
  },
});

Deno.test("OpenApiServers.invoke() sends arguments in every style, with the headers of the configuration", async () => {
  await using api = await startApi();

  const answer = await api.call("echo", {
    simple: { a: 1, b: "x/y" },
    label: ["p", "q"],
    matrix: "..",
    form: ["r", "s t"],
    space: [1, 2],
    pipe: ["u", "v"],
    deep: { w: { x: "&" } },
    "X-List": ["y", "z"],
    crumb: "=;",
    body: { nested: [null] },
  });

  deepStrictEqual(answer, {
    request: "POST /v1/echo/a=1,b=x%2Fy/.p,q/;matrix=..",
    query: [["form", "r"], ["form", "s t"], ["space", "1 2"], ["pipe", "u|v"], ["deep[w][x]", "&"]],
    list: "y,z",
    cookie: "crumb=%3D%3B",
    authorization: "[secret]",
    type: "application/json",
    body: '{"nested":[null]}',
  });
});

Deno.test("OpenApiServers.invoke() sends forms, files and text", async () => {
  await using api = await startApi();

  const form = await api.call("form", { a: "1&2", b: ["x", "y"] });
  const parts = JSON.stringify(await api.call("parts", { file: "aGVsbG8=", note: "n" }));
  const text = await api.call("text", { body: "words" });

  deepStrictEqual(bodyOf(form), "a=1%262&b=x&b=y");
  ok(parts.includes('name=\\"file\\"; filename=\\"file\\"'));
  ok(parts.includes("hello"));
  deepStrictEqual(bodyOf(text), "words");
});

Deno.test("OpenApiServers.invoke() fails with the status and the server's words, without secrets", async () => {
  await using api = await startApi();

  await rejects(api.call("status", { status: 404 }), {
    code: "tool_failed",
    message: 'HTTP status 404: {"error":"not for [secret]"}',
  });
  await rejects(api.call("post_status", { status: 503 }), { code: "tool_failed" });
  strictEqual(await api.call("status", { status: 204 }), null);
  await rejects(api.call("status", { status: ".." }), { code: "invalid_arguments" });
  await rejects(api.call("status", { status: 302 }), {
    code: "tool_failed",
    message:
      'Cannot call "api.status": it redirects to "https://evil.example", where requests must not go',
  });
});

Deno.test("OpenApiServers.invoke() ends a call that takes too long, or is cancelled", async () => {
  await using api = await startApi({ callTimeoutMs: 200 });
  const cancel = new AbortController();
  const cancelled = rejects(api.call("post_status", { status: "hang" }, cancel.signal), {
    code: "outcome_unknown",
  });
  cancel.abort();

  await cancelled;
  await rejects(api.call("status", { status: "hang" }), {
    code: "tool_failed",
    message: 'Cannot call "api.status": no answer within 200 ms',
  });
  await rejects(api.call("post_status", { status: "hang" }), { code: "outcome_unknown" });
  await rejects(api.call("status", { status: 200 }, AbortSignal.abort()), { code: "cancelled" });
});

Deno.test("OpenApiServers.invoke() tells a refused connection from a lost answer", async () => {
  const api = await startApi();
  await api.stopServer();
  await using _ = api;

  await rejects(api.call("post_status", { status: 200 }), {
    code: "tool_failed",
    message: 'Cannot call "api.post_status": connection refused',
  });
});

Deno.test("OpenApiServers.invoke() refuses what was not signed, what simulates, and who is not there", async () => {
  await using servers = new OpenApiServers([], { catalog: new FakeCatalog() });
  const signed = signedCall("nobody", { name: "it", inputSchema: true });
  const lookAlike = { seq: 1, args: {}, grant: signed.grant, argsHash: signed.argsHash };
  const grant = makeGrant({ ...signed.grant, simulated: true });

  await rejects(servers.invoke(lookAlike, { signal }), TypeError);
  await rejects(
    servers.invoke(signCall({ seq: 1, tool: "nobody.it", args: {} }, grant), { signal }),
    TypeError,
  );
  await rejects(servers.invoke(signed, { signal }), {
    code: "tool_failed",
    message: 'Cannot call "nobody.it": server "nobody" is not configured',
  });
});

Deno.test("OpenApiServers.states() tells what became of each document", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const locked = documentOf({ "/a": { get: { operationId: "a" } } }, {
      security: [{ key: [] }],
      components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } } },
    });
    await Deno.writeTextFile(`${folder}/good.yaml`, petstore31);
    await Deno.writeTextFile(`${folder}/locked.json`, JSON.stringify(locked));
    await Deno.writeTextFile(`${folder}/old.json`, '{"swagger":"2.0"}');
    const names = ["good.yaml", "locked.json", "old.json", "none.json"];
    const documents = names.map((name) => ({ name, document: `${folder}/${name}`, headers: {} }));
    const catalog = new FakeCatalog();
    await using servers = new OpenApiServers(documents, { catalog });
    servers.start();
    await servers.ready();

    deepStrictEqual(servers.states().map(({ state, reason, tools }) => [state, reason, tools]), [
      ["ready", undefined, 1],
      [
        "needs_auth",
        'Cannot use "locked.json": all its tools need credentials that are not configured',
        0,
      ],
      ["failed", 'Cannot use "old.json": its document is Swagger 2, not OpenAPI 3.0 or 3.1', 0],
      ["failed", 'Cannot use "none.json": its document is not there', 0],
    ]);
    deepStrictEqual(servers.states()[1].quarantined, [{
      tool: "a",
      reason: 'Cannot use the tool: it needs "key" (header "X-Key"), which is not configured',
    }]);
    deepStrictEqual(catalog.names("good.yaml"), ["get_pet"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("OpenApiServers.reconnect() reads the document anew, and keeps its tools where that fails", async () => {
  let document: Part | undefined = documentOf({ "/a": { get: { operationId: "a" } } });
  await using server = serve(() =>
    Response.json(document ?? null, { status: document ? 200 : 500 })
  );
  const catalog = new FakeCatalog();
  const config = { name: "api", document: `http://127.0.0.1:${server.port}/`, headers: {} };
  await using servers = new OpenApiServers([config], { catalog });
  servers.start();
  await servers.ready();
  deepStrictEqual(catalog.names("api"), ["a"]);

  document = documentOf({ "/b": { get: { operationId: "b" } } });
  strictEqual((await servers.reconnect("api")).state, "ready");
  deepStrictEqual(catalog.names("api"), ["b"]);

  document = undefined;
  const { state, reason, tools } = await servers.reconnect("api");
  deepStrictEqual([state, reason, tools], [
    "failed",
    'Cannot use "api": HTTP status 500 for its document',
    1,
  ]);
  await rejects(servers.reconnect("what"), { code: "not_found" });
});

/** A document whose operations lead to an echoing server on this machine. */
async function startApi(options: OpenApiOptions = {}) {
  const hangs = Promise.withResolvers<Response>();
  const server = serve((request) => echo(request, hangs.promise));
  const folder = await Deno.makeTempDir();
  const document = `${folder}/api.json`;
  await Deno.writeTextFile(document, JSON.stringify(echoed));
  const catalog = new FakeCatalog();
  const config: OpenApiConfig = {
    name: "api",
    document,
    baseUrl: `http://127.0.0.1:${server.port}/v1`,
    headers: { Authorization: "Bearer hunter2-hunter2" },
  };
  const servers = new OpenApiServers([config], { catalog }, options);
  servers.start();
  await servers.ready();
  await Deno.remove(folder, { recursive: true });
  const stopServer = async () => {
    hangs.resolve(new Response());
    await server[Symbol.asyncDispose]();
  };
  return {
    call: (name: string, args: ToolArguments, by = signal) =>
      servers.invoke(catalog.call("api", name, args), { signal: by }),
    stopServer,
    async [Symbol.asyncDispose]() {
      await servers[Symbol.asyncDispose]();
      await stopServer();
    },
  };
}

async function echo(request: Request, hangs: Promise<Response>): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const authorization = request.headers.get("authorization");
  const status = pathname.startsWith("/v1/status/") ? pathname.slice("/v1/status/".length) : "200";
  if (status === "hang") return await hangs;
  if (status === "204") return new Response(null, { status: 204 });
  if (status === "302") {
    return new Response(null, { status: 302, headers: { location: "https://evil.example/?t=1" } });
  }
  if (status !== "200") {
    return Response.json({ error: `not for ${authorization}` }, { status: Number(status) });
  }
  return Response.json({
    request: `${request.method} ${pathname}`,
    query: [...searchParams],
    list: request.headers.get("x-list"),
    cookie: request.headers.get("cookie"),
    authorization,
    type: request.headers.get("content-type"),
    body: await request.text(),
  });
}

function bodyOf(answer: unknown): unknown {
  return typeof answer === "object" && answer !== null && "body" in answer
    ? answer.body
    : undefined;
}

function post(operationId: string, type: string, properties?: Part): Part {
  const schema = properties === undefined ? {} : { type: "object", properties };
  return { post: { operationId, requestBody: { content: { [type]: { schema } } } } };
}
