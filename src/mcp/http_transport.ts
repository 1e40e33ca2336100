/** Streamable HTTP, with an end to every request. @module */

import {
  InsufficientScopeError,
  isJSONRPCRequest,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import type { FetchLike, JSONRPCMessage } from "@modelcontextprotocol/client";
import { settlesWithin } from "./delay.ts";
import type { Login } from "./login.ts";
import { answerCodes } from "./to_upstream_error.ts";

/** How long a server may take to hear that its session is over. */
const goodbyeMs = 1000;

/** Options of an {@linkcode HttpTransport}. */
export interface HttpTransportOptions {
  /** Sent with every request. */
  headers: Record<string, string>;
  /** Makes the requests. */
  fetch: FetchLike;
  /** Where tokens come from. @default {none are sent} */
  login?: Login;
}

type SendOptions = Parameters<StreamableHTTPClientTransport["send"]>[1];

/**
 * The SDK's transport, but a request whose response stream ends without an
 * answer fails at once, where the SDK would wait for the time-out.
 */
export class HttpTransport extends StreamableHTTPClientTransport {
  readonly #login?: Login;

  /** Connects to nothing yet. */
  constructor(url: URL, { headers, fetch, login }: HttpTransportOptions) {
    super(url, { requestInit: { headers }, fetch, authProvider: login });
    this.#login = login;
  }

  /**
   * Sends a message; a request gets an error where its stream ends without an
   * answer. Where it wants more rights than the login has, that is widened first.
   */
  override async send(
    message: JSONRPCMessage | JSONRPCMessage[],
    options?: SendOptions,
  ): Promise<void> {
    try {
      await this.#sendOnce(message, options);
    } catch (error) {
      if (!(error instanceof InsufficientScopeError) || this.#login === undefined) throw error;
      await this.#login.widen(error);
      await this.#sendOnce(message, options);
    }
  }

  #sendOnce(message: JSONRPCMessage | JSONRPCMessage[], options?: SendOptions): Promise<void> {
    if (Array.isArray(message) || !isJSONRPCRequest(message) || options?.onRequestStreamEnd) {
      return super.send(message, options);
    }
    const { id } = message;
    // Where the answer did come, nobody waits for this id any more.
    const onRequestStreamEnd = (): void =>
      this.onmessage?.({
        jsonrpc: "2.0",
        id,
        error: { code: answerCodes.lost, message: "the connection broke before the answer" },
      });
    return super.send(message, { ...options, onRequestStreamEnd });
  }

  /** Ends the session politely, within a second, then the connection. */
  override async close(): Promise<void> {
    if (this.sessionId !== undefined) await settlesWithin(this.terminateSession(), goodbyeMs);
    await super.close();
  }
}
