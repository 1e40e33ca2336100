/** One MCP server as one client of ours sees it: requests are handed on as they are. @module */

import { ProtocolError } from "@modelcontextprotocol/client";
import type { ServerCapabilities } from "@modelcontextprotocol/client";
import { AirlockError } from "../errors/airlock_error.ts";
import type { InvokeOptions, SignedCall } from "../grants/signed_call.ts";
import type { Json } from "../protocol/json.ts";
import { makeCall } from "../servers/make_call.ts";
import { measureJson } from "../servers/measure_json.ts";
import { UpstreamError } from "../servers/upstream_error.ts";
import { anyResult, callTool, toRequestOptions } from "./call_tool.ts";
import type { ConnectionOwner } from "./connection_owner.ts";
import { noteLoss } from "./invoke_call.ts";
import { openConnection } from "./open_connection.ts";
import type { Connection } from "./open_connection.ts";
import { accessMethodOf } from "./server_access.ts";
import { answerCodes, toUpstreamError } from "./to_upstream_error.ts";
import type { Upstream } from "./upstream.ts";

/** Deepest nesting of an answer. */
const maxDepth = 64;
/** Longest words of an error, in characters. */
const maxErrorChars = 8_192;

/** An error that a server answered with, cleaned. */
export interface WireError {
  code: number;
  message: string;
  data?: Json;
}

/** Options of {@linkcode UpstreamLine.pass}. */
export interface PassOptions extends InvokeOptions {
  /** Fields of the request beside its arguments: `_meta`, `inputResponses`, `requestState`. */
  further?: Record<string, unknown>;
  /** Told the server's own error, where it answered with one; the promise rejects as well. */
  onWireError?(error: WireError): void;
}

/** What an {@linkcode UpstreamLine} needs. */
export interface UpstreamLineDeps {
  /** What a child process inherits. */
  environment: Readonly<Record<string, string>>;
  /** Gets a connection of its own. @default {the one that all clients share} */
  owner?: ConnectionOwner;
}

/**
 * A way to one server. With an owner it is a connection of its own, opened at
 * first use: what the server asks for in the middle of a call then reaches the
 * client whose call it is, and nobody else hears what it logs.
 */
export class UpstreamLine implements AsyncDisposable {
  readonly #upstream: Upstream;
  readonly #deps: UpstreamLineDeps;
  readonly #stop = new AbortController();
  #own?: Promise<Connection>;

  /** Connects to nothing yet. */
  constructor(upstream: Upstream, deps: UpstreamLineDeps) {
    this.#upstream = upstream;
    this.#deps = deps;
  }

  /** What the server offers. Asks the connection that all share. */
  async capabilities(signal: AbortSignal): Promise<ServerCapabilities> {
    return (await this.#upstream.connected(signal)).client.getServerCapabilities() ?? {};
  }

  /** What the server says about itself to a model, clean. Asks the connection that all share. */
  async instructions(signal: AbortSignal): Promise<string | undefined> {
    const words = (await this.#upstream.connected(signal)).client.getInstructions();
    return words === undefined ? undefined : this.#upstream.toWords(words, 65_536);
  }

  /**
   * Makes a granted call or request and gives the server's whole result.
   *
   * @throws {AirlockError} as `makeCall()` does.
   */
  async pass(call: SignedCall, options: PassOptions): Promise<Json> {
    return await makeCall(call, options, {
      attempt: () => this.#attempt(options, (connection) => this.#send(connection, call, options)),
      sort: toUpstreamError,
      toWords: (words, maxChars) => this.#upstream.toWords(words, maxChars),
    });
  }

  /**
   * Asks for what needs no grant of its own: a list, a setting.
   *
   * @throws {AirlockError} `tool_failed`
   */
  async ask(
    method: string,
    params: Record<string, unknown>,
    options: PassOptions,
  ): Promise<Json> {
    const timeoutMs = this.#upstream.config.callTimeoutMs;
    const requestOptions = toRequestOptions({ ...options, timeoutMs });
    try {
      return await this.#attempt(
        options,
        ({ client }) => client.request({ method, params }, anyResult, requestOptions),
      );
    } catch (cause) {
      const words = this.#upstream.toWords(toUpstreamError(cause).message, maxErrorChars);
      const { name } = this.#upstream.config;
      const message = `Cannot ask "${name}" for "${method}": ${words}`;
      throw new AirlockError("tool_failed", message, { cause });
    }
  }

  /** Tells the server something, where this line has a connection of its own. */
  async tell(method: string): Promise<void> {
    const connection = await this.#own?.catch(() => undefined);
    await connection?.client.notification({ method });
  }

  /** Ends the connection of its own, and its process. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new UpstreamError("unsent", "the client is gone"));
    const connection = await this.#own?.catch(() => undefined);
    await connection?.close();
  }

  async #attempt(
    options: PassOptions,
    send: (connection: Connection) => Promise<unknown>,
  ): Promise<Json> {
    const connection = await this.#connected(options.signal);
    if (options.signal.aborted) throw new UpstreamError("unsent", "it was cancelled");
    try {
      return this.#toJson(await send(connection));
    } catch (error) {
      this.#reportWireError(error, options);
      const failure = toUpstreamError(error);
      if (failure.kind === "unsent" && this.#own !== undefined) await this.#drop(connection);
      throw await noteLoss(this.#upstream, connection, failure, options.signal);
    }
  }

  #send(connection: Connection, call: SignedCall, options: PassOptions): Promise<unknown> {
    const timeoutMs = this.#upstream.config.callTimeoutMs;
    const further = this.#further(connection, options.further);
    const callOptions = { ...options, timeoutMs, further, allowInputRequired: true };
    const method = accessMethodOf(call.grant.tool);
    if (method === undefined) return callTool(connection, call, callOptions);
    const params = { ...further, ...call.args };
    return connection.client.request({ method, params }, anyResult, toRequestOptions(callOptions));
  }

  /** Only a server of 2026 is told with each request what its client can do. */
  #further(
    { client }: Connection,
    further: Record<string, unknown> | undefined,
  ): Record<string, unknown> | undefined {
    if (further?._meta === undefined || client.getProtocolEra() === "modern") return further;
    const meta = Object.entries(anyResult.parse(further._meta))
      .filter(([key]) => !key.startsWith("io.modelcontextprotocol/"));
    return { ...further, _meta: Object.fromEntries(meta) };
  }

  async #connected(signal: AbortSignal): Promise<Connection> {
    if (this.#deps.owner === undefined) return await this.#upstream.connected(signal);
    this.#own ??= this.#open(this.#deps.owner);
    return await this.#own;
  }

  async #open(owner: ConnectionOwner): Promise<Connection> {
    const { config, login } = this.#upstream;
    const clean = (params: unknown) => anyResult.parse(this.#toJson(params ?? {}));
    try {
      const connection = await openConnection(config, {
        environment: this.#deps.environment,
        login,
        owner: {
          capabilities: () => owner.capabilities(),
          answer: ({ method, params }, signal) =>
            owner.answer({ method, params: clean(params) }, signal),
          notify: ({ method, params }) => owner.notify({ method, params: clean(params) }),
        },
        signal: this.#stop.signal,
      });
      void connection.ended.then(() => this.#own = undefined);
      return connection;
    } catch (error) {
      this.#own = undefined;
      throw toUpstreamError(error);
    }
  }

  /** A connection that has lost its session is of no use. */
  async #drop(connection: Connection): Promise<void> {
    this.#own = undefined;
    await connection.close();
  }

  #toJson(value: unknown): Json {
    if (!isShallow(value)) {
      throw new UpstreamError("refused", `its answer is nested deeper than ${maxDepth}`);
    }
    return this.#upstream.secrets.hideIn(value);
  }

  #reportWireError(error: unknown, { onWireError }: PassOptions): void {
    if (!(error instanceof ProtocolError) || isOurs(error.code)) return;
    const { code, message, data } = error;
    onWireError?.({
      code,
      message: this.#upstream.toWords(message, maxErrorChars),
      ...(data !== undefined && { data: this.#toJson(data) }),
    });
  }
}

/** What came out of `JSON.parse()` is JSON: only its depth is in question. */
function isShallow(value: unknown): value is Json {
  return measureJson(value, maxDepth).depth <= maxDepth;
}

/** Codes that our own transports put in the place of an answer. */
function isOurs(code: number): boolean {
  return code === answerCodes.lost || code === answerCodes.unusable;
}
