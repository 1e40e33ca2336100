/** Takes the answer to one login at a port of its own, where Airlock has no other. @module */

import { AirlockError } from "../errors/airlock_error.ts";

/** Where a login's answer is taken. */
export interface LoginListener {
  /** Where the person is sent back to. */
  readonly redirectUrl: string;
  /** Listens no more, once answers under way are sent. */
  close(): Promise<void>;
}

/** Options of {@linkcode listenForLogin}. */
export interface LoginListenerOptions {
  /** A port that was registered with the authorization server. @default {any free one} */
  port?: number;
  /** Takes the answer; what it gives is shown to the person. */
  onAnswer(params: URLSearchParams): Promise<string>;
}

/**
 * Listens on loopback: at `http://localhost:PORT/callback` where a port is
 * given, as editors do, else at a free one.
 *
 * @throws {AirlockError} `unavailable` where the port cannot be had.
 */
export function listenForLogin({ port, onAnswer }: LoginListenerOptions): LoginListener {
  const path = port === undefined ? "/oauth/callback" : "/callback";
  const answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    if (request.method !== "GET" || url.pathname !== path) {
      return new Response("Not found", { status: 404 });
    }
    return page(await onAnswer(url.searchParams));
  };
  const server = listen(port ?? 0, answer);
  const host = port === undefined ? "127.0.0.1" : "localhost";
  return {
    redirectUrl: `http://${host}:${server.addr.port}${path}`,
    close: () => server.shutdown(),
  };
}

function listen(port: number, handler: Deno.ServeHandler): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, handler);
  } catch (cause) {
    const state = cause instanceof Deno.errors.AddrInUse
      ? `port ${port} is in use`
      : "the system does not allow it";
    throw new AirlockError("unavailable", `Cannot wait for a login: ${state}`, { cause });
  }
}

/** Plain text: it holds names of servers, which are nobody's HTML. */
function page(text: string): Response {
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "connection": "close",
  };
  return new Response(text, { headers });
}
