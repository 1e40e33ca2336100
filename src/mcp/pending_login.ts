/** A login that waits for a person: good for one answer, and for ten minutes. @module */

import { timingSafeEqual } from "node:crypto";
import { listenForLogin } from "./login_listener.ts";
import type { LoginListener } from "./login_listener.ts";
import type { OAuthClient } from "./oauth_client.ts";

/** How long a person may take, milliseconds. */
const patienceMs = 600_000;

/** Options of {@linkcode PendingLogin.begin}. */
export interface PendingLoginOptions {
  /** A port that was registered for the answer. */
  port?: number;
  /** Where Airlock's own HTTP takes answers. @default {a port of its own} */
  callbackUrl?: string;
  /** Begins the login that comes back to an address. */
  start(redirectUrl: string): Promise<OAuthClient>;
  /** Takes an answer that came to a port of its own; gives what the person reads. */
  onAnswer(params: URLSearchParams): Promise<string>;
}

/** The login of one server that is under way. */
export class PendingLogin {
  readonly #client: OAuthClient;
  readonly #listener?: LoginListener;
  readonly #timer: ReturnType<typeof setTimeout>;
  #isOpen = true;
  #closing: Promise<void> = Promise.resolve();

  private constructor(client: OAuthClient, listener: LoginListener | undefined) {
    this.#client = client;
    this.#listener = listener;
    this.#timer = setTimeout(() => this.close(), patienceMs);
    Deno.unrefTimer(this.#timer);
  }

  /** Begins one. Whatever fails, nothing listens afterwards. */
  static async begin(options: PendingLoginOptions): Promise<PendingLogin> {
    const { port, callbackUrl, start, onAnswer } = options;
    const isOwn = port !== undefined || callbackUrl === undefined;
    const listener = isOwn ? listenForLogin({ port, onAnswer }) : undefined;
    try {
      return new PendingLogin(await start(listener?.redirectUrl ?? callbackUrl ?? ""), listener);
    } catch (error) {
      await listener?.close();
      throw error;
    }
  }

  /** The page where the person logs in. */
  get page(): URL | undefined {
    return this.#client.page;
  }

  /** Whether an answer is to this login. */
  expects(state: string | null): boolean {
    const [given, own] = [Buffer.from(state ?? ""), Buffer.from(this.#client.stateText)];
    return this.#isOpen && given.length === own.length && timingSafeEqual(given, own);
  }

  /** Hands out the client for the one answer. */
  take(): OAuthClient {
    this.close();
    return this.#client;
  }

  /** Takes no answer any more; resolves when nothing listens. */
  close(): Promise<void> {
    if (!this.#isOpen) return this.#closing;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    if (this.#listener !== undefined) this.#closing = this.#listener.close();
    return this.#closing;
  }
}
