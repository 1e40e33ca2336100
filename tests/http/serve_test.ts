import { deepStrictEqual, match, rejects, strictEqual, throws } from "assert";
import { createApp } from "../../src/http/create_app.ts";
import type { HttpDeps } from "../../src/http/http_deps.ts";
import { type HttpServer, serveHttp, type ServeOptions } from "../../src/http/serve.ts";
import { configureLog } from "../../src/log/log.ts";
import type { RunEvent, RunReport } from "../../src/runs/report.ts";
import { fakeDeps, fakeRuns, makeReport } from "./fake_deps.ts";

Deno.test("serveHttp() serves this machine, which the app takes for local", async () => {
  const server = serve();

  const response = await fetch(`${server.url}/mcp`);
  const answer = await response.json();
  await server.close();

  deepStrictEqual(answer, { method: "GET", as: "local" });
});

Deno.test("serveHttp() refuses forged Host headers on a real connection", async () => {
  const server = serve();

  const evil = await exchange(server, "GET /v1/tools HTTP/1.1\r\nHost: evil.example\r\n");
  const broken = await exchange(server, "GET /v1/tools HTTP/1.1\r\nHost: a b\r\n");
  const twice = await exchange(server, "GET / HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n");
  const site = await exchange(
    server,
    "GET /v1/tools HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n",
  );
  const absolute = await exchange(
    server,
    "GET http://localhost/v1/tools HTTP/1.1\r\nHost: evil.example\r\n",
  );
  const good = await exchange(server, "GET /v1/tools HTTP/1.1\r\nHost: localhost:1\r\n");
  await server.close();

  deepStrictEqual(
    [evil, broken, site, absolute].map((text) => /"code":"(\w+)"/.exec(text)?.[1]),
    ["host_refused", "host_refused", "host_refused", "host_refused"],
  );
  match(twice, /^HTTP\/1\.1 400 /);
  match(good, /^HTTP\/1\.1 200 /);
});

Deno.test("serveHttp() answers 413 to a body without end and stops reading it", async () => {
  const server = serve();
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  const head = "POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
    "Transfer-Encoding: chunked\r\n\r\n";
  await connection.write(new TextEncoder().encode(head));

  const answered = readSome(connection);
  const sent = await sendUntil(connection, answered);
  connection.close();
  await server.close();

  match(await answered, /^HTTP\/1\.1 413 [^]*"code":"too_large"/);
  strictEqual(sent < 40 * 1024 * 1024, true);
});

Deno.test("serveHttp() streams events as they happen, and tells when the client leaves", async () => {
  const left = Promise.withResolvers<void>();
  const next = Promise.withResolvers<RunEvent>();
  const server = serve({
    runs: fakeRuns({
      events: (_id, _principal, _after, signal) => {
        signal.addEventListener("abort", () => left.resolve(), { once: true });
        return Promise.resolve((async function* () {
          yield await next.promise;
          await left.promise;
        })());
      },
    }),
  });

  const leaving = new AbortController();
  const path = `${server.url}/v1/runs/run_1/events`;
  const response = await fetch(path, { signal: leaving.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const first = await reader?.read();
  next.resolve({ id: 1, event: "progress", data: { done: 1 } });
  const second = await reader?.read();
  leaving.abort();
  await left.promise;
  await reader?.cancel().catch(ignoreAbort);
  await server.close();

  strictEqual(first?.value, ": events\n\n");
  strictEqual(second?.value, 'id: 1\nevent: progress\ndata: {"done":1}\n\n');
});

Deno.test("serveHttp() lets a run go on whose client has left", async () => {
  const settled = Promise.withResolvers<RunReport>();
  const started = Promise.withResolvers<void>();
  const cancelled: string[] = [];
  const server = serve({
    runs: fakeRuns({
      start: () => {
        started.resolve();
        return Promise.resolve({ id: "run_1", report: makeReport, settled: settled.promise });
      },
      cancel: (id) => {
        cancelled.push(id);
        return Promise.resolve(makeReport({ id }));
      },
    }),
  });

  const leaving = new AbortController();
  const asking = fetch(`${server.url}/v1/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"code":""}',
    signal: leaving.signal,
  });
  await started.promise;
  leaving.abort();
  await rejects(asking, { name: "AbortError" });
  settled.resolve(makeReport());
  await server.close();

  deepStrictEqual(cancelled, []);
});

Deno.test("serveHttp() says that a port is in use", async () => {
  const server = serve();

  throws(() => serve({}, { port: server.port }), {
    code: "unavailable",
    message: `Cannot listen on "127.0.0.1:${server.port}": the port is in use`,
  });
  await server.close();
});

Deno.test("serveHttp() says that an address is not one of this machine", () => {
  throws(() => serve({}, { host: "192.0.2.1", hasKeys: true }), {
    code: "unavailable",
    message: 'Cannot listen on "192.0.2.1:0": this machine has no such address',
  });
});

Deno.test("serveHttp() refuses to listen to others without keys", () => {
  for (const host of ["0.0.0.0", "::", "[::]", "192.0.2.1", "airlock.example"]) {
    throws(() => serve({}, { host }), { code: "invalid_config" });
  }
});

Deno.test("serveHttp() tells an address that this machine can reach", async () => {
  const everywhere = serve({}, { host: "0.0.0.0", hasKeys: true });

  const response = await fetch(`${everywhere.url}/healthz`);
  await response.body?.cancel();
  await everywhere.close();

  deepStrictEqual([everywhere.url, response.status], [`http://127.0.0.1:${everywhere.port}`, 200]);
});

Deno.test("serveHttp() ends what is under way before it closes, and takes nothing new", async () => {
  const settled = Promise.withResolvers<RunReport>();
  const started = Promise.withResolvers<void>();
  const closing = new AbortController();
  const server = serve({
    runs: fakeRuns({
      wait: () => settled.promise,
      report: () => {
        started.resolve();
        return settled.promise;
      },
    }),
  }, { signal: closing.signal, graceMs: 60_000 });

  const asking = fetch(`${server.url}/v1/runs/run_1`);
  await started.promise;
  closing.abort();
  const late = await fetch(`${server.url}/healthz`);
  const { code } = await late.json();
  settled.resolve(makeReport());
  const report = await (await asking).json();
  await server.finished;

  deepStrictEqual([late.status, code, report.id], [503, "shutting_down", "run_1"]);
  await rejects(fetch(`${server.url}/healthz`), TypeError);
});

Deno.test("serveHttp() closes streams that do not end within the grace", async () => {
  const server = serve({
    mcp: () => Promise.resolve(new Response(new ReadableStream())),
  }, { graceMs: 1 });

  const response = await fetch(`${server.url}/mcp`);
  await server.close();

  await rejects(response.text());
});

Deno.test("serveHttp() closes at once where its signal had fired", async () => {
  const server = serve({}, { signal: AbortSignal.abort() });

  await server.finished;

  await rejects(fetch(server.url), TypeError);
});

Deno.test("serveHttp() answers even what the app could not with an empty problem", async () => {
  configureLog({ sink: () => {} });
  const app = { fetch: () => Promise.reject("no error at all: /srv") };
  const server = serveHttp(app, { host: "127.0.0.1", port: 0, hasKeys: false });

  const response = await fetch(server.url);
  const problem = await response.json();
  await server.close();

  deepStrictEqual([response.status, problem.code], [500, "internal"]);
  strictEqual(JSON.stringify(problem).includes("srv"), false);
});

function serve(deps: Partial<HttpDeps> = {}, options: Partial<ServeOptions> = {}): HttpServer {
  const app = createApp(fakeDeps({ trustUnknownPeers: false, ...deps }));
  return serveHttp(app, { host: "127.0.0.1", port: 0, hasKeys: false, ...options });
}

/** Sends a head, and gives what comes back until the connection ends. */
async function exchange(server: HttpServer, head: string): Promise<string> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await connection.write(new TextEncoder().encode(`${head}Connection: close\r\n\r\n`));
  return await new Response(connection.readable).text();
}

async function readSome(connection: Deno.Conn): Promise<string> {
  const bytes = new Uint8Array(4_096);
  const length = await connection.read(bytes);
  return new TextDecoder().decode(bytes.subarray(0, length ?? 0));
}

/** Sends chunks until there is an answer or nobody takes them; gives the bytes that were sent. */
async function sendUntil(connection: Deno.Conn, answered: Promise<unknown>): Promise<number> {
  const size = 64 * 1024;
  const chunk = new TextEncoder().encode(`${size.toString(16)}\r\n${" ".repeat(size)}\r\n`);
  const writer = connection.writable.getWriter();
  let isAnswered = false;
  answered.then(() => isAnswered = true);
  let sent = 0;
  try {
    while (!isAnswered) {
      await writer.write(chunk);
      sent += size;
    }
  } catch (error) {
    const isClosed = error instanceof Deno.errors.BrokenPipe ||
      error instanceof Deno.errors.ConnectionReset;
    if (!isClosed) throw error;
  }
  return sent;
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
}
