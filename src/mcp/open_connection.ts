/** Connects to one MCP server, whatever it speaks. @module */

import { Client, SSEClientTransport, SseError } from "@modelcontextprotocol/client";
import type { ClientCapabilities, Notification, Transport } from "@modelcontextprotocol/client";
import type { VersionNegotiationMode } from "@modelcontextprotocol/client";
import manifest from "../../deno.json" with { type: "json" };
import type { HttpServerConfig, ServerConfig, StdioServerConfig } from "../config/config.ts";
import { UpstreamError } from "../servers/upstream_error.ts";
import { handleOwner } from "./connection_owner.ts";
import type { ConnectionOwner } from "./connection_owner.ts";
import { orAborted } from "./delay.ts";
import { handleElicitation } from "./elicitation.ts";
import type { Elicit } from "./elicitation.ts";
import { HttpTransport } from "./http_transport.ts";
import { createLimitedFetch } from "./limited_fetch.ts";
import type { Login } from "./login.ts";
import { StdioTransport } from "./stdio_transport.ts";
import { keepSubscribed } from "./subscription.ts";
import { toUpstreamError } from "./to_upstream_error.ts";

/** How long a server may take to say that it speaks the newest protocol. */
const probeMs = 3000;

/** The newest revision, which `era: "modern"` asks for. */
const modernRevision = "2026-07-28";

/** A connection that works. */
export interface Connection {
  /** Sends requests over it. */
  readonly client: Client;
  /** How it is connected in the end: `http` may have become `sse`. */
  readonly transport: "stdio" | "http" | "sse";
  /** The protocol revision in use: `2025-11-25`. */
  readonly revision: string;
  /** Resolves when it has ended, with how, in a clause. */
  readonly ended: Promise<string>;
  /** Ends it, and the server's process where there is one. */
  close(): Promise<void>;
}

/** Options of {@linkcode openConnection}. */
export interface OpenConnectionOptions {
  /** What a child process inherits: `PATH`, `HOME` and the like. */
  environment: Readonly<Record<string, string>>;
  /** Ends the attempt. */
  signal: AbortSignal;
  /** Where tokens come from. @default {none are sent} */
  login?: Login;
  /** Asks a person what the server wants to know. @default {the server is told that nobody is there} */
  elicit?: Elicit;
  /** Whose connection it is, where it serves one client of ours alone. @default {nobody's} */
  owner?: ConnectionOwner;
  /** Told whatever the server says unasked, where the connection has no owner. */
  onNotification?: (notification: Notification) => void;
  /** Told when the server says that its tools changed. */
  onToolsChanged?: () => void;
  /** Told what is wrong without ending anything. */
  onNotice?: (message: string, detail: string) => void;
}

/** One way to connect. */
interface Way {
  transport: "stdio" | "http" | "sse";
  era: ServerConfig["era"];
}

/**
 * Connects, in the configured era: `auto` asks for the newest revision and
 * falls back to the handshake of 2025; `http` falls back to SSE where the
 * server answers with a 4xx status, as the specification says.
 *
 * @throws {UpstreamError}
 */
export async function openConnection(
  config: ServerConfig,
  options: OpenConnectionOptions,
): Promise<Connection> {
  let way: Way | undefined = { transport: config.transport, era: config.era };
  let first: UpstreamError | undefined;
  while (way !== undefined) {
    try {
      return await openOneWay(config, way, options);
    } catch (error) {
      const failure = toUpstreamError(error);
      // What the fallback to SSE says is of no interest to one who speaks HTTP.
      first = way.transport === "sse" && first !== undefined ? first : failure;
      way = options.signal.aborted ? undefined : nextWay(way, failure);
    }
  }
  throw first ?? new UpstreamError("refused", "no way to connect");
}

function nextWay(tried: Way, failure: UpstreamError): Way | undefined {
  const { transport, era } = tried;
  const { kind, status } = failure;
  if (transport === "http" && status !== undefined && isOldServer(status)) {
    return { transport: "sse", era: "legacy" };
  }
  const isFinal = kind === "missing" || kind === "needs_auth" || kind === "unsent";
  return era === "auto" && !isFinal ? { transport, era: "legacy" } : undefined;
}

/** Whether an answer to the first POST hints at a server that speaks only SSE. */
function isOldServer(status: number): boolean {
  return status >= 400 && status < 500 && ![401, 403, 407, 408, 429].includes(status);
}

async function openOneWay(
  config: ServerConfig,
  way: Way,
  options: OpenConnectionOptions,
): Promise<Connection> {
  const { signal, onToolsChanged, onNotice, elicit, owner } = options;
  const onNotification = owner?.notify.bind(owner) ?? options.onNotification;
  const transport = createTransport(config, way, options);
  const client = new Client({ name: "airlock", version: manifest.version }, {
    versionNegotiation: { mode: modeOf(way), probe: { timeoutMs: probeMsOf(config, way) } },
    capabilities: owner?.capabilities() ?? capabilitiesFor(elicit),
    inputRequired: { autoFulfill: elicit !== undefined },
  });
  if (owner === undefined) handleElicitation(client, config.name, elicit);
  else handleOwner(client, owner);
  const ended = Promise.withResolvers<string>();
  const over = new AbortController();
  client.onclose = () => {
    ended.resolve(endOf(transport));
    over.abort();
  };
  client.onerror = (error) => {
    onNotice?.("protocol notice", error.message);
    // A broken event stream takes its session, and all answers, with it.
    if (error instanceof SseError) transport.close();
  };
  client.setNotificationHandler("notifications/tools/list_changed", (notification) => {
    onToolsChanged?.();
    onNotification?.(notification);
  });
  client.fallbackNotificationHandler = (notification) =>
    Promise.resolve(onNotification?.(notification));

  try {
    const timeout = config.connectTimeoutMs;
    await orAborted(client.connect(transport, { timeout, signal }), signal);
    if (client.getProtocolEra() === "modern") {
      const onGap = () => onToolsChanged?.();
      await keepSubscribed(client, { timeoutMs: timeout, signal: over.signal, onGap, onNotice });
    }
  } catch (error) {
    await transport.close();
    throw withExit(toUpstreamError(error), transport);
  }
  return {
    client,
    transport: way.transport,
    revision: client.getNegotiatedProtocolVersion() ?? modernRevision,
    ended: ended.promise,
    close: () => transport.close(),
  };
}

function capabilitiesFor(elicit: Elicit | undefined): ClientCapabilities {
  return elicit === undefined ? {} : { elicitation: { form: {}, url: {} } };
}

/** Where there is nothing to fall back to, waiting longer costs nothing. */
function probeMsOf({ connectTimeoutMs }: ServerConfig, { era }: Way): number {
  return era === "modern" ? connectTimeoutMs : probeMs;
}

function modeOf(way: Way): VersionNegotiationMode {
  if (way.transport === "sse") return "legacy";
  return way.era === "modern" ? { pin: modernRevision } : way.era;
}

function createTransport(
  config: ServerConfig,
  way: Way,
  options: OpenConnectionOptions,
): StdioTransport | HttpTransport | SSEClientTransport {
  return config.transport === "stdio"
    ? createStdio(config, options)
    : createHttp(config, way.transport === "sse", options.login);
}

function createStdio(config: StdioServerConfig, options: OpenConnectionOptions): StdioTransport {
  const { command, args, cwd } = config;
  const env = { ...options.environment, ...config.env };
  return new StdioTransport({ command, args, cwd, env }, {
    onStderr: (text) => options.onNotice?.("server wrote to stderr", text),
  });
}

function createHttp(
  { url: address, headers }: HttpServerConfig,
  isSse: boolean,
  login: Login | undefined,
): HttpTransport | SSEClientTransport {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new UpstreamError("missing", "its url is not an http or https URL");
  }
  const fetch = login?.watch(createLimitedFetch()) ?? createLimitedFetch();
  return isSse
    ? new SSEClientTransport(url, { requestInit: { headers }, fetch, authProvider: login })
    : new HttpTransport(url, { headers, fetch, login });
}

function endOf(transport: Transport): string {
  const exit = transport instanceof StdioTransport ? transport.exit : undefined;
  return exit ?? "the connection closed";
}

/** How a process ended says more than that its connection closed. */
function withExit(failure: UpstreamError, transport: Transport): UpstreamError {
  const exit = transport instanceof StdioTransport ? transport.exit : undefined;
  if (exit === undefined || failure.kind === "failed") return failure;
  return new UpstreamError("lost", exit, { cause: failure });
}
