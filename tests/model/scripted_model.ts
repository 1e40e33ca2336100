/** A model that says what a script says, behind real HTTP and both APIs. @module */

import { LLMock } from "@copilotkit/aimock";

/** What it was asked, as both APIs have it. */
export interface AskedMessage {
  role: string;
  text: string;
}

/** What it says. */
export type Said =
  | string
  | { code: string; say?: string }
  | { calls: { name: string; arguments: string }[]; say?: string };

/** Decides what it says; gets the conversation, oldest first. */
export type Script = (messages: AskedMessage[]) => Said;

/** A scripted model that listens. */
export interface ScriptedModel extends AsyncDisposable {
  readonly baseUrl: string;
  readonly mock: LLMock;
  /** Conversations it was asked about, oldest first. */
  readonly asked: AskedMessage[][];
}

/** Starts one. `opts` go to each answer: `latency`, `truncateAfterChunks`. */
export async function startScriptedModel(
  script: Script,
  opts: { latency?: number; chunkSize?: number } = {},
): Promise<ScriptedModel> {
  // The mock leaves an interval behind, and waits for connections that are kept alive.
  const intervals: ReturnType<typeof setInterval>[] = [];
  const { setInterval } = globalThis;
  globalThis.setInterval = ((...args: Parameters<typeof setInterval>) => {
    const interval = setInterval(...args);
    intervals.push(interval);
    return interval;
  }) as typeof setInterval;
  const mock = new LLMock({ port: 0, logLevel: "silent" });
  const asked: AskedMessage[][] = [];
  mock.on({ predicate: () => true }, (request) => {
    const messages = request.messages.map(({ role, content }) => ({
      role,
      text: typeof content === "string" ? content : JSON.stringify(content ?? ""),
    }));
    asked.push(messages);
    return toResponse(script(messages));
  }, opts);
  await mock.start();
  globalThis.setInterval = setInterval;
  return {
    baseUrl: `${mock.url}/v1`,
    mock,
    asked,
    async [Symbol.asyncDispose]() {
      Reflect.get(mock, "serverInstance").server.closeAllConnections();
      await mock.stop();
      intervals.forEach((interval) => clearInterval(interval));
    },
  };
}

function toResponse(said: Said) {
  if (typeof said === "string") return { content: said };
  const calls = "code" in said
    ? [{ name: "execute", arguments: JSON.stringify({ code: said.code }) }]
    : said.calls;
  return said.say === undefined ? { toolCalls: calls } : { content: said.say, toolCalls: calls };
}
