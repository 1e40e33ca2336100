/** One MCP server: its connection, its tools, and the way back when it fails. @module */

import type { Catalog } from "../catalog/catalog.ts";
import type { ServerConfig } from "../config/config.ts";
import { logger } from "../log/log.ts";
import { cleanText } from "./clean_text.ts";
import { delay, orAborted } from "./delay.ts";
import { listTools } from "./list_tools.ts";
import type { ToolListing } from "./list_tools.ts";
import { openConnection } from "./open_connection.ts";
import type { Connection } from "./open_connection.ts";
import { Secrets } from "./secrets.ts";
import type { ServerState } from "./server_state.ts";
import { toUpstreamError, UpstreamError } from "./upstream_error.ts";

const log = logger("mcp");

/** Longest reason of a state, in characters. */
const maxReasonChars = 1024;

/** What an {@linkcode Upstream} needs. */
export interface UpstreamDeps {
  /** Where its tools go. */
  catalog: Pick<Catalog, "setServer">;
  /** What a child process inherits: `PATH`, `HOME` and the like. */
  environment: Readonly<Record<string, string>>;
}

/** How an {@linkcode Upstream} comes back. */
export interface UpstreamOptions {
  /** Wait after the first failure in a row, milliseconds; doubles with each further one. @default {250} */
  firstRetryMs?: number;
  /** Longest wait, milliseconds. @default {30000} */
  maxRetryMs?: number;
  /** Failures in a row after which a child process is not started again. @default {5} */
  maxFailures?: number;
  /** A connection that lasted this long, in milliseconds, ends the row. @default {10000} */
  stableMs?: number;
  /** Milliseconds since some fixed moment. @default {performance.now} */
  now?: () => number;
}

/**
 * One configured server. Its tools stay in the catalog while it is away, so
 * that a call says why it fails.
 */
export class Upstream {
  /** How it was configured. */
  readonly config: ServerConfig;
  /** Its credentials, which nothing that it says may show. */
  readonly secrets: Secrets;

  readonly #deps: UpstreamDeps;
  readonly #options: Required<UpstreamOptions>;
  #state: ServerState["state"] = "connecting";
  #reason?: string;
  #listing: ToolListing = { tools: [], quarantined: [] };
  #connection?: Connection;
  #openedAt = 0;
  #failures = 0;
  #settled = Promise.withResolvers<void>();
  #lost = Promise.withResolvers<UpstreamError>();
  #stop = new AbortController();
  #life: Promise<void> = Promise.resolve();
  #restart?: Promise<void>;
  #isOver = false;
  #isStale = false;
  #reading?: Promise<void>;

  /** Connects to nothing yet. */
  constructor(config: ServerConfig, deps: UpstreamDeps, options: UpstreamOptions = {}) {
    const { firstRetryMs = 250, maxRetryMs = 30_000, maxFailures = 5 } = options;
    const { stableMs = 10_000, now = () => performance.now() } = options;
    this.config = config;
    this.secrets = Secrets.of(config);
    this.#deps = deps;
    this.#options = { firstRetryMs, maxRetryMs, maxFailures, stableMs, now };
  }

  /** How it stands, as `GET /v1/servers` shows it. */
  get state(): ServerState {
    const connection = this.#connection;
    const { tools, quarantined } = this.#listing;
    return {
      name: this.config.name,
      state: this.#state,
      ...(this.#reason !== undefined && { reason: this.#reason }),
      transport: connection?.transport ?? this.config.transport,
      ...(connection !== undefined && { era: connection.revision }),
      tools: tools.length,
      quarantined: [...quarantined],
    };
  }

  /** Begins to connect. Resolves when the first attempt is over, however it ended. */
  async start(): Promise<void> {
    if (this.#isOver) return;
    this.#stop = new AbortController();
    this.#failures = 0;
    this.#unsettle(undefined);
    this.#life = this.#live(this.#stop.signal);
    await this.#settled.promise;
  }

  /** Drops the connection, if any, and connects anew, as often as it failed before. */
  reconnect(): Promise<void> {
    this.#restart ??= this.#end().then(() => this.start()).finally(() => {
      this.#restart = undefined;
    });
    return this.#restart;
  }

  /**
   * The connection, once there is one.
   *
   * @throws {UpstreamError} `unsent`, where there is none to be waited for.
   */
  async connected(signal: AbortSignal): Promise<Connection> {
    while (this.#connection === undefined) {
      if (this.#state !== "connecting") {
        const { name } = this.config;
        throw new UpstreamError("unsent", `server "${name}" is not connected: ${this.#reason}`);
      }
      await orAborted(this.#settled.promise, signal).catch((cause) => {
        throw new UpstreamError("unsent", "it was cancelled", { cause });
      });
    }
    return this.#connection;
  }

  /** Gives a connection up that has shown to be of no use. */
  lose(connection: Connection, failure: UpstreamError): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    const isStable = this.#options.now() - this.#openedAt >= this.#options.stableMs;
    this.#failures = isStable ? 1 : this.#failures + 1;
    this.#unsettle(failure);
    this.#lost.resolve(failure);
  }

  /** Text for people and models: bounded, clean, and without credentials. */
  toWords(text: string, maxChars: number): string {
    return this.secrets.hide(cleanText(this.secrets.hide(text), maxChars));
  }

  /** Ends the connection and the process for good. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#end();
    this.#settle("failed", "it was stopped");
  }

  async #end(): Promise<void> {
    this.#stop.abort();
    await this.#life;
    await this.#reading;
    this.#settled.resolve();
  }

  /** Connects, waits for the end of the connection, waits a while, and begins again. */
  async #live(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const failure = await this.#stayConnected(stop);
      if (stop.aborted) return;
      if (!this.#mayRetry(failure)) {
        if (this.#state === "connecting") this.#giveUp(failure);
        return;
      }
      const { firstRetryMs, maxRetryMs } = this.#options;
      await delay(Math.min(firstRetryMs * 2 ** (this.#failures - 1), maxRetryMs), stop);
    }
  }

  /** One connection from its beginning to its end. Gives what ended it. */
  async #stayConnected(stop: AbortSignal): Promise<UpstreamError> {
    let connection: Connection;
    try {
      connection = await this.#open(stop);
    } catch (error) {
      const failure = toUpstreamError(error);
      this.#failures++;
      if (!stop.aborted) this.#giveUp(failure);
      return failure;
    }
    const failure = await orAborted(this.#lost.promise, stop).catch(toUpstreamError);
    this.#connection = undefined;
    await connection.close();
    return failure;
  }

  /** Connects and reads the tools. */
  async #open(stop: AbortSignal): Promise<Connection> {
    const { connectTimeoutMs } = this.config;
    const deadline = new AbortController();
    const timer = setTimeout(() => {
      deadline.abort(new UpstreamError("timed_out", `no answer within ${connectTimeoutMs} ms`));
    }, connectTimeoutMs);
    const signal = AbortSignal.any([stop, deadline.signal]);
    try {
      this.#isStale = false;
      const connection = await openConnection(this.config, {
        environment: this.#deps.environment,
        signal,
        onToolsChanged: () => this.#noteChange(),
        onNotice: (message, detail) => this.#notice(message, detail),
      });
      await this.#adopt(connection, signal);
      return connection;
    } finally {
      clearTimeout(timer);
    }
  }

  async #adopt(connection: Connection, signal: AbortSignal): Promise<void> {
    try {
      const timeoutMs = this.config.connectTimeoutMs;
      this.#publish(await orAborted(listTools(connection.client, { signal, timeoutMs }), signal));
    } catch (error) {
      await connection.close();
      throw error;
    }
    this.#connection = connection;
    this.#openedAt = this.#options.now();
    this.#lost = Promise.withResolvers();
    connection.ended.then((how) => this.lose(connection, new UpstreamError("lost", how)));
    this.#settle("ready", undefined);
    if (this.#isStale) this.#noteChange();
  }

  #publish(listing: ToolListing): void {
    const { name } = this.config;
    this.#listing = listing;
    this.#deps.catalog.setServer(name, listing.tools);
    const { tools, quarantined } = listing;
    log.info("tools read", { server: name, tools: tools.length, quarantined: quarantined.length });
  }

  /** Reads the tools again; changes that come while it reads are read in one go afterwards. */
  #noteChange(): void {
    this.#isStale = true;
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#reading ??= this.#readAgain(connection).finally(() => {
      this.#reading = undefined;
      if (this.#isStale) this.#noteChange();
    });
  }

  async #readAgain(connection: Connection): Promise<void> {
    this.#isStale = false;
    try {
      const timeoutMs = this.config.connectTimeoutMs;
      const signal = this.#stop.signal;
      const listing = await listTools(connection.client, { signal, timeoutMs });
      if (this.#connection === connection) this.#publish(listing);
    } catch (error) {
      this.#notice("tools not read again", toUpstreamError(error).message);
    }
  }

  #mayRetry({ kind }: UpstreamError): boolean {
    const mayPass = kind === "lost" || kind === "timed_out" || kind === "unsent";
    return mayPass &&
      (this.config.transport !== "stdio" || this.#failures < this.#options.maxFailures);
  }

  #giveUp(failure: UpstreamError): void {
    this.#settle(failure.kind === "needs_auth" ? "needs_auth" : "failed", failure.message);
    log.warn("server not connected", { server: this.config.name, reason: this.#reason });
  }

  #settle(state: ServerState["state"], problem: string | undefined): void {
    this.#state = state;
    this.#reason = problem === undefined ? undefined : this.#toReason(problem);
    this.#settled.resolve();
  }

  #unsettle(failure: UpstreamError | undefined): void {
    this.#state = "connecting";
    this.#reason = failure === undefined ? undefined : this.#toReason(failure.message);
    this.#settled = Promise.withResolvers();
  }

  #toReason(problem: string): string {
    const { name, transport } = this.config;
    const verb = transport === "stdio" ? "start" : "connect to";
    return this.toWords(`Cannot ${verb} "${name}": ${problem}`, maxReasonChars);
  }

  #notice(message: string, detail: string): void {
    const { name } = this.config;
    log.debug(message, { server: name, detail: this.toWords(detail, maxReasonChars) });
  }
}
