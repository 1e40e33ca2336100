import { rejects, strictEqual } from "assert";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createLimitedFetch } from "../../src/mcp/limited_fetch.ts";
import { UpstreamError } from "../../src/servers/upstream_error.ts";
import { serve } from "./fixtures/web_servers.ts";

Deno.test("createLimitedFetch() hands on status, headers and a body within the bound", async () => {
  await using server = serve(() => new Response("12345", { status: 201, headers: { "x-a": "b" } }));

  const response = await createLimitedFetch(5)(server.url);

  strictEqual(response.status, 201);
  strictEqual(response.headers.get("x-a"), "b");
  strictEqual(await response.text(), "12345");
});

Deno.test("createLimitedFetch() ends a body that goes on, without reading it all", async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1000).fill(sent++)),
  });
  await using server = serve(() => new Response(endless));

  const response = await createLimitedFetch(10_000)(server.url);

  await rejects(response.text(), UpstreamError);
});

Deno.test("createLimitedFetch() reads the start of what a failure says", async () => {
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1000).fill(120)),
  });
  await using server = serve(() => new Response(endless, { status: 500 }));

  const response = await createLimitedFetch(10)(server.url);

  strictEqual(response.status, 500);
  strictEqual(await response.text(), "x".repeat(16_384));
});

Deno.test("createLimitedFetch() bounds the single event of a stream, not the stream", async () => {
  const small = `data: {"a":"${"x".repeat(60)}"}\n\n`;
  const big = `data: {"jsonrpc":"2.0","id":3,"result":"${"x".repeat(500)}"}\n\n`;
  const headers = { "content-type": "text/event-stream" };
  await using server = serve(() => new Response(small + big + small.repeat(5), { headers }));

  const text = await (await createLimitedFetch(100)(server.url)).text();

  const message = "its answer is larger than 100 bytes";
  const error = JSON.stringify({ jsonrpc: "2.0", id: 3, error: { code: -32092, message } });
  strictEqual(text, `${small}data:${error}\n\n${small.repeat(5)}`);
});

Deno.test("createLimitedFetch() ends a stream whose event has too many lines", async () => {
  const headers = { "content-type": "text/event-stream" };
  await using server = serve(() => new Response("data: x\n".repeat(5000), { headers }));

  const response = await createLimitedFetch(100)(server.url);

  await rejects(response.text(), UpstreamError);
});

Deno.test("createLimitedFetch() ends an answer when its signal fires, also after garbage was collected", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  const cancelled = Promise.withResolvers<void>();
  await using server = serve(() => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode("data: 1\n\n")),
      cancel: () => cancelled.resolve(),
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  });
  const stop = new AbortController();
  const response = await createLimitedFetch()(server.url, {
    signal: AbortSignal.any([stop.signal, new AbortController().signal]),
  });
  const reader = response.body?.getReader();
  await reader?.read();
  collectGarbage();

  stop.abort();

  await rejects(async () => {
    while ((await reader?.read())?.done === false);
  }, { name: "AbortError" });
  await cancelled.promise;
});
