/**
 * `fetch` for logins. A stranger names the addresses, so they are held against
 * what may be asked; answers are bounded in size and time. @module
 */

import type { FetchLike } from "@modelcontextprotocol/client";
import type { Secrets } from "../servers/secrets.ts";
import { UpstreamError } from "../servers/upstream_error.ts";

/** Longest answer. The longest metadata in the wild have some 10 kB. */
const maxBytes = 1024 * 1024;

/** Options of {@linkcode createAuthFetch}. */
export interface AuthFetchOptions {
  /** The server that is logged in to. */
  server: URL;
  /** Are hidden in what failures say. */
  secrets: Pick<Secrets, "hide">;
  /** How long an answer may take, milliseconds. @default {10000} */
  timeoutMs?: number;
}

/** Makes a `fetch` that follows no redirect, and asks only where a login may lead. */
export function createAuthFetch(options: AuthFetchOptions): FetchLike {
  const { server, secrets, timeoutMs = 10_000 } = options;
  return async (url, init) => {
    assertAuthUrl(new URL(url), server);
    const deadline = new AbortController();
    const timer = setTimeout(() => {
      deadline.abort(new UpstreamError("unsent", `its login server is silent for ${timeoutMs} ms`));
    }, timeoutMs);
    try {
      const response = await fetch(url, { ...init, redirect: "manual", signal: deadline.signal });
      const text = await readText(response);
      const { status, statusText, headers } = response;
      const body = response.ok ? text : secrets.hide(text);
      return new Response(text === "" ? null : body, { status, statusText, headers });
    } finally {
      clearTimeout(timer);
    }
  };
}

/**
 * Whether a login may lead to an address: https, or http on this machine. This
 * machine and private networks are no place that a server outside may name.
 *
 * @throws {UpstreamError} `refused`
 */
export function assertAuthUrl(url: URL, server: URL): void {
  const isPlain = url.protocol === "http:" && isLoopbackHost(url.hostname);
  const problem = url.protocol !== "https:" && !isPlain
    ? "is not https"
    : url.username !== "" || url.password !== ""
    ? "holds credentials"
    : isInside(url.hostname) && !isInside(server.hostname) && url.hostname !== server.hostname
    ? "is inside a private network"
    : undefined;
  if (problem === undefined) return;
  const shown = JSON.stringify(url.origin.slice(0, 256));
  throw new UpstreamError("refused", `its login leads to ${shown}, which ${problem}`);
}

/** Whether a host name is this machine. */
export function isLoopbackHost(name: string): boolean {
  return name === "localhost" || name.endsWith(".localhost") || name === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(name);
}

/** Private, shared, link-local and reserved addresses, in the form that `URL` gives them. */
const insideV4 =
  /^(?:0|10|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168|192\.0\.0|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])|198\.1[89]|22[4-9]|2[345]\d)\.[\d.]+$/;
/** The same of IPv6, and whatever holds an IPv4 address. */
const insideV6 = /^\[(?:::|f[cdef]|64:ff9b:|2002:)/;

function isInside(name: string): boolean {
  return isLoopbackHost(name) || insideV4.test(name) || insideV6.test(name) ||
    /\.(?:local|internal)$/.test(name);
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new UpstreamError("refused", `its login server sends more than ${maxBytes} bytes`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
