/** Opens the configured model: any endpoint that speaks one of the two APIs of OpenAI. @module */

import type OpenAI from "openai";
import type { ModelConfig } from "../config/config.ts";
import { logger } from "../log/log.ts";
import { chatTurn } from "./chat_turn.ts";
import { type CompleteOptions, type Model, ModelError, type ModelRequest } from "./model.ts";
import type { ModelTurn } from "./model.ts";
import { responsesTurn } from "./responses_turn.ts";

const log = logger("model");

/** Options of {@linkcode openModel}. */
export interface OpenModelOptions {
  /** Tries of one turn. @default {5} */
  maxTries?: number;
  /** Pause before the second try, milliseconds; doubles with each further one. @default {500} */
  firstPauseMs?: number;
  /** Longest pause, also where the endpoint asks for a longer one. @default {30000} */
  maxPauseMs?: number;
  /** How long a stream may be silent, milliseconds. @default {120000} */
  idleMs?: number;
  /** How long one turn may take with all its tries, milliseconds. @default {600000} */
  totalMs?: number;
  /** A number from 0 to 1, that spreads the pauses. @default {Math.random} */
  random?: () => number;
}

/** The library: 10 MB that a server without agents need not hold. */
type Library = typeof import("openai");

/** What {@linkcode ModelRequest.model} falls back to, and how the endpoint is reached. */
interface Endpoint {
  client: OpenAI;
  model: string;
  api: "chat" | "responses";
}

/** Opens a model. What is not configured shows when it is asked: all else works without one. */
export function openModel(config: ModelConfig, options: OpenModelOptions = {}): Model {
  return {
    complete: async (request, given) => await new Attempts(config, options).run(request, given),
  };
}

class Attempts {
  readonly #config: ModelConfig;
  readonly #options: Required<OpenModelOptions>;

  constructor(config: ModelConfig, options: OpenModelOptions) {
    this.#config = config;
    this.#options = {
      maxTries: 5,
      firstPauseMs: 500,
      maxPauseMs: 30_000,
      idleMs: 120_000,
      totalMs: 600_000,
      random: Math.random,
      ...options,
    };
  }

  async run(request: ModelRequest, { signal, onDelta }: CompleteOptions): Promise<ModelTurn> {
    const library = await import("openai");
    const endpoint = toEndpoint(this.#config, request.model, library);
    using total = timeLimit(this.#options.totalMs);
    const either = AbortSignal.any([signal, total.signal]);
    for (let tries = 1;; tries++) {
      let hasBegun = tries === 1;
      const tell = (text: string) => {
        onDelta?.(text, !hasBegun);
        hasBegun = true;
      };
      try {
        return await this.#once(endpoint, request, { signal: either, onDelta: tell });
      } catch (error) {
        if (signal.aborted) throw new ModelError("cancelled", "The turn was cancelled");
        const failure = toFailure(error, library);
        if (failure.kind === "refused" || failure.kind === "overflow") throw failure;
        if (tries >= this.#options.maxTries || either.aborted) throw failure;
        log.info("model asked again", { tries, kind: failure.kind, error });
        await pause(this.#pauseMs(tries, error, library), either);
      }
    }
  }

  async #once(
    { client, model, api }: Endpoint,
    request: ModelRequest,
    { signal, onDelta }: { signal: AbortSignal; onDelta: (text: string) => void },
  ): Promise<ModelTurn> {
    using idle = timeLimit(this.#options.idleMs);
    const ask = api === "chat" ? chatTurn : responsesTurn;
    const either = AbortSignal.any([signal, idle.signal]);
    return await ask(client, { ...request, model }, {
      signal: either,
      onDelta,
      onAlive: () => idle.renew(),
    });
  }

  #pauseMs(tries: number, error: unknown, { APIError }: Library): number {
    const { firstPauseMs, maxPauseMs, random } = this.#options;
    const asked = error instanceof APIError
      ? Number(error.headers?.get("retry-after")) * 1_000
      : NaN;
    const own = firstPauseMs * 2 ** (tries - 1) * (0.5 + random() / 2);
    return Math.min(maxPauseMs, asked > 0 ? Math.max(asked, own) : own);
  }
}

function toEndpoint(
  config: ModelConfig,
  asked: string | undefined,
  { default: Client }: Library,
): Endpoint {
  const { apiKey, baseUrl, api = "chat" } = config;
  const model = asked ?? config.model;
  if (apiKey === undefined && baseUrl === undefined) {
    throw unset("no model is configured", 'Set OPENAI_API_KEY, or "model" in airlock.json');
  }
  if (model === undefined) {
    throw unset("no model is named", 'Set OPENAI_MODEL, or "model.model" in airlock.json');
  }
  // Endpoints on one's own machine mostly want no key; the library wants one.
  const client = new Client({
    apiKey: apiKey ?? "none",
    baseURL: baseUrl,
    maxRetries: 0,
    organization: null,
    project: null,
  });
  return { client, model, api };
}

function unset(state: string, hint: string): ModelError {
  return new ModelError("unset", `Cannot ask a model: ${state}. ${hint}`);
}

/** Codes and words by which endpoints say that a conversation is too long. */
const overflow = /context.{0,20}(length|window|limit)|maximum context|too many tokens|too long/i;

/** What came instead of a turn, in words of ours: endpoints quote keys and requests. */
function toFailure(
  error: unknown,
  { APIConnectionError, APIError, APIUserAbortError }: Library,
): ModelError {
  if (error instanceof ModelError) return error;
  if (error instanceof APIUserAbortError || error instanceof DOMException) {
    return new ModelError("broken", "Cannot get an answer of the model: it took too long");
  }
  if (error instanceof APIConnectionError || !(error instanceof APIError)) {
    const message = "Cannot get an answer of the model: the connection failed";
    return new ModelError("broken", message, { cause: error });
  }
  const { status, code, message } = error;
  if (code === "context_length_exceeded" || (status === 400 && overflow.test(message))) {
    const state = "the conversation is too long for the model";
    return new ModelError("overflow", `Cannot ask the model: ${state}`, { cause: error });
  }
  const state = `Cannot get an answer of the model: the endpoint answered with ${
    status ?? "an error"
  }`;
  if (status === 429 && code !== "insufficient_quota") {
    return new ModelError("busy", state, { cause: error });
  }
  const mayPass = status === undefined || status >= 500 || status === 408 || status === 409;
  return new ModelError(mayPass ? "broken" : "refused", state, { cause: error });
}

/** A signal that fires some time after it was made or renewed. */
function timeLimit(ms: number): Disposable & { signal: AbortSignal; renew(): void } {
  const controller = new AbortController();
  let timer = setTimeout(() => controller.abort(), ms);
  return {
    signal: controller.signal,
    renew() {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(), ms);
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

/** Waits; an abort ends the wait. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = () => resolve();
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
}
