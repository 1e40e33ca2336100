/** An Airlock with a scripted model, the shop, and agents. @module */

import { type Airlock, createAirlock } from "../../src/airlock.ts";
import { type Script, type ScriptedModel, startScriptedModel } from "../model/scripted_model.ts";

/** Options of {@linkcode startAgents}. */
export interface StartAgentsOptions {
  /** Beside the model, the shop and the data folder. */
  settings?: Record<string, unknown>;
  api?: "chat" | "responses";
  /** @default {":memory:"} */
  kv?: string;
}

/** What a test of agents works with. */
export interface StartedAgents extends AsyncDisposable {
  readonly airlock: Airlock;
  readonly scripted: ScriptedModel;
  /** Sends a request as a local client. */
  request(method: string, path: string, body?: unknown, headers?: HeadersInit): Promise<Response>;
  /** Its answer as JSON. */
  json(method: string, path: string, body?: unknown): Promise<{ [name: string]: unknown }>;
}

/** The embedded shop, as `airlock.json` would name it. */
export const shop = {
  command: Deno.execPath(),
  args: ["run", "-A", new URL("../../examples/shop_server.ts", import.meta.url).pathname],
};

/** Starts both. */
export async function startAgents(
  script: Script,
  { settings = {}, api = "chat", kv = ":memory:" }: StartAgentsOptions = {},
): Promise<StartedAgents> {
  await using stack = new AsyncDisposableStack();
  const scripted = stack.use(await startScriptedModel(script));
  const model = { baseUrl: scripted.baseUrl, apiKey: "test", model: "scripted", api };
  const airlock = stack.use(
    await createAirlock({ kv, model, mcpServers: { shop }, ...settings }),
  );
  const all = stack.move();
  const request: StartedAgents["request"] = (method, path, body, headers = {}) =>
    airlock.fetch(
      new Request(`http://127.0.0.1${path}`, {
        method,
        headers: { "content-type": "application/json", ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    );
  return {
    airlock,
    scripted,
    request,
    json: async (...given) => await (await request(...given)).json(),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
