import { deepStrictEqual, match, ok, strictEqual } from "assert";
import { type Script, type ScriptedModel, startScriptedModel } from "../model/scripted_model.ts";
import { startServer, type TestServer, until } from "./start_server.ts";

const path = "/v1/agents/helper";

Deno.test("a socket takes messages and tells what happens, also to one who comes back", async () => {
  await using scripted = await startScriptedModel((messages) =>
    messages.at(-1)?.role === "tool" ? "done" : { code: "return 1" }
  );
  await using server = await serve(scripted);
  await put(server);
  const first = await Client.open(server);
  const second = await Client.open(server);

  first.send({ type: "message", content: "go" });
  await first.until(({ type, role }) => type === "message" && role === "assistant");
  await second.until(({ type, role }) => type === "message" && role === "assistant");
  const { cursor } = second.frames[1];
  await second.close();
  first.send({ type: "message", content: "again" });
  await first.until(({ type, content }) => type === "message" && content === "again");
  const back = await Client.open(server, cursor);
  await back.until(({ type, content }) => type === "message" && content === "again");

  const types = new Set(first.frames.map(({ type }) => type));
  deepStrictEqual([...types].sort(), ["delta", "message", "run"]);
  const rest = first.frames.slice(2).map((frame) => frame.cursor);
  deepStrictEqual(back.frames.map((frame) => frame.cursor).slice(0, 3), rest.slice(0, 3));
  await first.close();
  await back.close();
});

Deno.test("a socket answers rubbish with an error, and closes where there is only that", async () => {
  await using scripted = await startScriptedModel(() => "never");
  await using server = await serve(scripted);
  await put(server);
  const client = await Client.open(server);

  for (let sent = 0; sent < 20; sent++) {
    client.sendText(["{", "[]", '{"type":"x"}', "\u0000"][sent % 4]);
  }
  const { code } = await client.closed;

  strictEqual(code, 1008);
  ok(client.frames.every(({ type, code }) => type === "error" && code === "invalid_request"));
  const refused = await fetch(`${server.url}${path}/socket`);
  strictEqual(refused.status, 400);
  await refused.body?.cancel();
});

Deno.test("an agent goes on after its server was killed, and asks for nothing twice", async () => {
  const turns = Promise.withResolvers<void>();
  const seen: number[] = [];
  // The second turn hangs the first time: then the server is killed.
  await using hanging = await startHangingModel((messages, times) => {
    const tools = messages.filter(({ role }) => role === "tool").length;
    seen.push(tools);
    if (tools === 0) return { code: 'await memory.set("n", 1 + (await memory.get("n") ?? 0))' };
    if (times === 2) turns.resolve();
    return times === 2 ? undefined : "after all";
  });
  const folder = await Deno.makeTempDir({ prefix: "airlock-test-" });
  const options = { data: `${folder}/data`, config: { model: { ...hanging.model } } };
  const first = await startServer(options);
  await put(first);
  const sent = first.post(`${path}/messages`, { content: "count" }).catch(() => undefined);
  await turns.promise;
  await first.end("SIGKILL");
  await sent;

  await using second = await startServer(options);
  await until(async () => {
    const { items } = await (await fetch(`${second.url}${path}/messages`)).json();
    return items.length === 2;
  }, "the message is answered");
  const { items } = await (await fetch(`${second.url}${path}/messages`)).json();
  const memory = await (await fetch(`${second.url}${path}/memory`)).json();

  deepStrictEqual(items.map(({ content }: { content: string }) => content), ["count", "after all"]);
  deepStrictEqual(memory.items.map(({ value }: { value: number }) => value), [1]);
  deepStrictEqual(seen, [0, 1, 1]);
  await Deno.remove(folder, { recursive: true });
});

/** A model whose script may give nothing: then it never answers. */
async function startHangingModel(
  script: (messages: Parameters<Script>[0], times: number) => ReturnType<Script> | undefined,
) {
  let times = 0;
  const next: { said?: ReturnType<Script> } = {};
  const released = Promise.withResolvers<Response>();
  const scripted = await startScriptedModel(() => next.said ?? "");
  const server = Deno.serve({ port: 0, onListen: () => undefined }, async (request) => {
    const text = await request.text();
    const messages = JSON.parse(text).messages.map((
      { role, content }: { role: string; content: unknown },
    ) => ({ role, text: String(content) }));
    next.said = script(messages, ++times);
    if (next.said === undefined) return await released.promise;
    const url = `${scripted.baseUrl}/chat/completions`;
    const answer = await fetch(url, { method: "POST", headers: request.headers, body: text });
    return new Response(await answer.text(), {
      headers: { "content-type": "text/event-stream" },
    });
  });
  const baseUrl = `http://127.0.0.1:${server.addr.port}/v1`;
  return {
    model: { baseUrl, apiKey: "test", model: "scripted" },
    async [Symbol.asyncDispose]() {
      released.resolve(new Response("too late", { status: 500 }));
      const ended = server.shutdown();
      await scripted[Symbol.asyncDispose]();
      await ended;
    },
  };
}

function serve({ baseUrl }: ScriptedModel): Promise<TestServer> {
  return startServer({ config: { model: { baseUrl, apiKey: "test", model: "scripted" } } });
}

async function put(server: TestServer): Promise<void> {
  const response = await fetch(server.url + path, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ instructions: "Help." }),
  });
  match(await response.text(), /"asleep"/);
}

type Frame = { type: string; cursor: string; role?: string; content?: string; code?: string };

class Client {
  readonly frames: Frame[] = [];
  readonly closed: Promise<CloseEvent>;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.frames.push(JSON.parse(data));
    const { promise, resolve } = Promise.withResolvers<CloseEvent>();
    socket.onclose = resolve;
    this.closed = promise;
  }

  static async open({ url }: TestServer, cursor?: string): Promise<Client> {
    const query = cursor === undefined ? "" : `?cursor=${cursor}`;
    const socket = new WebSocket(`${url.replace("http", "ws")}${path}/socket${query}`);
    await new Promise((resolve) => socket.onopen = resolve);
    return new Client(socket);
  }

  send(frame: unknown): void {
    this.sendText(JSON.stringify(frame));
  }

  sendText(text: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  async until(fits: (frame: Frame) => boolean): Promise<void> {
    await until(() => this.frames.some(fits), "a frame comes");
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.closed;
  }
}
