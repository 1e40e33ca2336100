import { deepStrictEqual, match, ok, rejects, strictEqual } from "assert";
import { ModelError, type ModelItem, type ModelRequest } from "../../src/model/model.ts";
import { openModel } from "../../src/model/open_model.ts";
import { startScriptedModel } from "./scripted_model.ts";

const never = new AbortController().signal;
const request: ModelRequest = {
  instructions: "Be brief.",
  items: [{ type: "user", text: "hello" }],
  tools: [{ name: "execute", description: "Runs code.", parameters: { type: "object" } }],
};
const apis = ["chat", "responses"] as const;

for (const api of apis) {
  Deno.test(`openModel() streams text and counts tokens: ${api}`, async () => {
    await using scripted = await startScriptedModel(() => "Good morning to you", { chunkSize: 4 });
    const model = openModel({ baseUrl: scripted.baseUrl, apiKey: "k", model: "m", api });
    const deltas: string[] = [];

    const turn = await model.complete(request, { signal: never, onDelta: (t) => deltas.push(t) });

    deepStrictEqual([turn.text, turn.calls, turn.ending], ["Good morning to you", [], "stop"]);
    ok(deltas.length > 1);
    strictEqual(deltas.join(""), turn.text);
    // The scripted model counts in one of the APIs only.
    ok(api === "responses" || turn.usage.outputTokens > 0);
    deepStrictEqual(scripted.asked[0], [
      { role: "system", text: "Be brief." },
      { role: "user", text: "hello" },
    ]);
  });

  Deno.test(`openModel() gives all calls of a turn, and hands their answers over: ${api}`, async () => {
    const calls = [{ name: "execute", arguments: '{"code":"1"}' }, {
      name: "search",
      arguments: "{bad",
    }];
    await using scripted = await startScriptedModel((messages) =>
      messages.at(-1)?.role === "tool" ? "done" : { calls }
    );
    const model = openModel({ baseUrl: scripted.baseUrl, apiKey: "k", model: "m", api });

    const first = await model.complete(request, { signal: never });
    const answers = first.calls.map(({ id, name }): ModelItem => ({
      type: "tool",
      callId: id,
      name,
      text: `answer of ${name}`,
    }));
    const items: ModelItem[] = [
      ...request.items,
      { type: "assistant", text: first.text, calls: first.calls },
      ...answers,
    ];
    const second = await model.complete({ ...request, items }, { signal: never });

    strictEqual(first.ending, "calls");
    deepStrictEqual(
      first.calls.map(({ name, arguments: text }) => ({ name, arguments: text })),
      calls,
    );
    strictEqual(new Set(first.calls.map(({ id }) => id)).size, 2);
    strictEqual(second.text, "done");
    deepStrictEqual(scripted.asked[1].slice(-2), [
      { role: "tool", text: "answer of execute" },
      { role: "tool", text: "answer of search" },
    ]);
  });

  Deno.test(`openModel() asks again after 429 and 500: ${api}`, async () => {
    await using scripted = await startScriptedModel(() => "at last");
    scripted.mock.nextRequestError(429, { message: "slow down" });
    scripted.mock.nextRequestError(500, { message: "oops" });
    const config = { baseUrl: scripted.baseUrl, apiKey: "k", model: "m", api };

    const turn = await openModel(config, { firstPauseMs: 1 }).complete(request, { signal: never });

    strictEqual(turn.text, "at last");
  });

  Deno.test(`openModel() says in words of its own what an endpoint refuses: ${api}`, async () => {
    await using scripted = await startScriptedModel(() => "never");
    const config = { baseUrl: scripted.baseUrl, apiKey: "sk-secret-key", model: "m", api };
    const model = openModel(config, { firstPauseMs: 1 });
    const ask = () => model.complete(request, { signal: never });

    scripted.mock.nextRequestError(401, { message: "Incorrect API key: sk-secret-key" });
    const denied = await ask().catch((error) => error);
    scripted.mock.nextRequestError(400, { message: "m", code: "context_length_exceeded" });
    const tooLong = await ask().catch((error) => error);

    ok(denied instanceof ModelError && tooLong instanceof ModelError);
    deepStrictEqual([denied.kind, tooLong.kind], ["refused", "overflow"]);
    match(denied.message, /answered with 401$/);
  });

  Deno.test(`openModel() begins a turn anew whose stream was cut, and says so: ${api}`, async () => {
    let requests = 0;
    await using scripted = await startScriptedModel(() => "whole answer", { chunkSize: 3 });
    // Hands on what the scripted model says, the first time only half of it.
    const server = Deno.serve({ port: 0, onListen: () => undefined }, async (given) => {
      const path = new URL(given.url).pathname.replace(/^\/v1/, "");
      const response = await fetch(scripted.baseUrl + path, {
        method: "POST",
        headers: given.headers,
        body: await given.text(),
      });
      const text = await response.text();
      const half = text.slice(0, text.indexOf("ans"));
      const body = ++requests === 1 ? half.slice(0, half.lastIndexOf("\n\n") + 2) : text;
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    });
    const baseUrl = `http://127.0.0.1:${server.addr.port}/v1`;
    const model = openModel({ baseUrl, apiKey: "k", model: "m", api }, { firstPauseMs: 1 });
    let shown = "";

    const turn = await model.complete(request, {
      signal: never,
      onDelta: (text, restart) => shown = restart ? text : shown + text,
    });

    deepStrictEqual([turn.text, shown, requests], ["whole answer", "whole answer", 2]);
    await server.shutdown();
  });
}

Deno.test("openModel() gives up after its tries, and when it is cancelled", async () => {
  let requests = 0;
  const server = Deno.serve({ port: 0, onListen: () => undefined }, () => {
    requests++;
    return new Response("no", { status: 503 });
  });
  const config = { baseUrl: `http://127.0.0.1:${server.addr.port}/v1`, model: "m" };
  const stop = new AbortController();
  const slow = openModel(config, { firstPauseMs: 60_000 });

  await rejects(
    openModel(config, { firstPauseMs: 1, maxTries: 3 }).complete(request, { signal: never }),
    { name: "ModelError", kind: "broken" },
  );
  strictEqual(requests, 3);
  const cancelled = slow.complete(request, { signal: stop.signal }).catch((error) => error);
  while (requests < 4) await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort();

  strictEqual((await cancelled).kind, "cancelled");
  await server.shutdown();
});

Deno.test("openModel() ends a stream that has gone silent", async () => {
  const server = Deno.serve({ port: 0, onListen: () => undefined }, () => {
    const body = new ReadableStream({
      start: (c) => c.enqueue(new TextEncoder().encode(": hi\n\n")),
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  });
  const config = { baseUrl: `http://127.0.0.1:${server.addr.port}/v1`, model: "m" };

  const failure = await openModel(config, { idleMs: 50, maxTries: 1 })
    .complete(request, { signal: never }).catch((error) => error);

  deepStrictEqual([failure.name, failure.kind], ["ModelError", "broken"]);
  await server.shutdown();
});

Deno.test("openModel() says what to set where nothing is configured", async () => {
  await rejects(openModel({}).complete(request, { signal: never }), /Set OPENAI_API_KEY/);
  await rejects(
    openModel({ apiKey: "k" }).complete(request, { signal: never }),
    /Set OPENAI_MODEL/,
  );
});
