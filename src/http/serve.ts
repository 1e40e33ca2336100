/** Serves an app on a port. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import { logger } from "../log/log.ts";
import type { PeerInfo } from "./http_deps.ts";
import { isLoopbackListen } from "./loopback.ts";
import { internalProblem, problemResponse } from "./problem.ts";

/** What can be served: a Hono app. */
export interface HttpApp {
  fetch(request: Request, info: PeerInfo): Response | Promise<Response>;
}

/** Options of {@linkcode serveHttp}. */
export interface ServeOptions {
  /** Address or name to listen on. */
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** Whether API keys are configured: without them only loopback is listened on. */
  hasKeys: boolean;
  /** Closes the server, as `close()` does. @default {never} */
  signal?: AbortSignal;
  /** How long requests under way may take once it closes, milliseconds. @default {3000} */
  graceMs?: number;
}

/** A server that listens. */
export interface HttpServer {
  /** Where this machine reaches it: `http://127.0.0.1:8787`. */
  readonly url: string;
  /** The port it listens on. */
  readonly port: number;
  /** Resolves when it is closed. */
  readonly finished: Promise<void>;
  /** Takes no more requests, lets those under way end, then closes all connections. */
  close(): Promise<void>;
}

/**
 * Listens.
 *
 * @throws {AirlockError} `invalid_config` where it would be open to others without keys, and
 * `unavailable` where the address cannot be had.
 */
export function serveHttp(app: HttpApp, options: ServeOptions): HttpServer {
  const { host, port, hasKeys, signal, graceMs = 3_000 } = options;
  if (!hasKeys && !isLoopbackListen(host)) throw openToOthers(host, port);
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();
  let closing: Promise<void> | undefined;
  const server = listen(host, port, stopping.signal, (request, info) => {
    if (closing !== undefined) return shuttingDown();
    const completed = settled(info.completed).then(() => void underWay.delete(completed));
    underWay.add(completed);
    return app.fetch(request, info);
  });

  const closed = Promise.withResolvers<void>();
  const close = () =>
    closing ??= closeAfter(underWay, graceMs, stopping, server).then(closed.resolve);
  signal?.addEventListener("abort", close, { once: true });
  if (signal?.aborted) close();
  const finished = Promise.race([server.finished, closed.promise])
    .then(() => signal?.removeEventListener("abort", close));
  return { url: urlOf(host, server.addr.port), port: server.addr.port, finished, close };
}

async function closeAfter(
  underWay: ReadonlySet<Promise<void>>,
  graceMs: number,
  stopping: AbortController,
  server: Deno.HttpServer,
): Promise<void> {
  const { promise: graceEnded, resolve } = Promise.withResolvers<"ended">();
  const timer = setTimeout(() => resolve("ended"), graceMs);
  const outcome = await Promise.race([Promise.all(underWay), graceEnded]);
  if (outcome === "ended") {
    stopping.abort();
    return await server.finished;
  }
  // Answers may still be on their way; after this the server cannot be stopped in another way.
  await Promise.race([server.shutdown(), graceEnded]);
  clearTimeout(timer);
}

function listen(
  host: string,
  port: number,
  signal: AbortSignal,
  handler: Deno.ServeHandler<Deno.NetAddr>,
): Deno.HttpServer<Deno.NetAddr> {
  const hostname = bareHost(host);
  try {
    return Deno.serve({ hostname, port, signal, onListen: () => {}, onError: unexpected }, handler);
  } catch (cause) {
    const state = troubleOf(cause);
    throw new AirlockError("unavailable", `Cannot listen on "${host}:${port}": ${state}`, {
      cause,
    });
  }
}

function troubleOf(cause: unknown): string {
  if (cause instanceof Deno.errors.AddrInUse) return "the port is in use";
  if (cause instanceof Deno.errors.PermissionDenied) return "the system does not allow it";
  return "this machine has no such address";
}

function openToOthers(host: string, port: number): AirlockError {
  const message = `Cannot listen on "${host}:${port}": without API keys only loopback is allowed`;
  return new AirlockError("invalid_config", message, {
    hint: 'Configure "keys" or AIRLOCK_API_KEY, or listen on 127.0.0.1',
  });
}

function shuttingDown(): Response {
  return problemResponse("shutting_down", "Cannot take the request: the server is shutting down", {
    headers: { connection: "close" },
  });
}

function unexpected(error: unknown): Response {
  logger("http").error("request failed", { error });
  return internalProblem();
}

/** Waits for a promise, however it ends. */
async function settled(promise: Promise<unknown>): Promise<void> {
  await Promise.allSettled([promise]);
}

/** The address with which this machine reaches a host that it listens on. */
function urlOf(host: string, port: number): string {
  const bare = bareHost(host);
  const reachable = new Map([["0.0.0.0", "127.0.0.1"], ["::", "::1"]]).get(bare) ?? bare;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}

function bareHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}
