/** One MCP server: its connection, its tools, and the way back when it fails. @module */

import type { Catalog } from "../catalog/catalog.ts";
import type { ServerConfig } from "../config/config.ts";
import { logger } from "../log/log.ts";
import { cleanText } from "../servers/clean_text.ts";
import { Secrets } from "../servers/secrets.ts";
import type { ServerState } from "../servers/server_state.ts";
import { UpstreamError } from "../servers/upstream_error.ts";
import { delay, orAborted } from "./delay.ts";
import { listTools, type ToolListing } from "./list_tools.ts";
import type { Elicit } from "./elicitation.ts";
import type { Login, LoginDeps } from "./login.ts";
import { loginOf } from "./logins.ts";
import { type Connection, openConnection } from "./open_connection.ts";
import { Standing } from "./standing.ts";
import { ToolWatch } from "./tool_watch.ts";
import { toUpstreamError } from "./to_upstream_error.ts";

const log = logger("mcp");

/** Longest reason of a state, in characters. */
const maxReasonChars = 1024;

/** What an {@linkcode Upstream} needs. */
export interface UpstreamDeps {
  /** Where its tools go. */
  catalog: Pick<Catalog, "setServer">;
  /** What a child process inherits: `PATH`, `HOME` and the like. */
  environment: Readonly<Record<string, string>>;
  /** Where logins are kept. @default {none: whatever wants one says so} */
  logins?: LoginDeps;
  /** Asks a person what a server wants to know. @default {servers are told that nobody is there} */
  elicit?: Elicit;
  /** Told the methods of notifications. @default {nothing is told} */
  onNotification?(server: string, method: string): void;
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
  /** Its login, where it may have one. */
  readonly login?: Login;
  /** Where it is on the way to being of use. */
  readonly standing: Pick<Standing, "state" | "changed" | "settled">;

  readonly #deps: UpstreamDeps;
  readonly #options: Required<UpstreamOptions>;
  readonly #standing = new Standing();
  readonly #tools: ToolWatch;
  #connection?: Connection;
  #openedAt = 0;
  #failures = 0;
  #lost = Promise.withResolvers<UpstreamError>();
  #stop = new AbortController();
  #life: Promise<void> = Promise.resolve();
  #restart?: Promise<void>;
  #isOver = false;

  /** Connects to nothing yet. */
  constructor(config: ServerConfig, deps: UpstreamDeps, options: UpstreamOptions = {}) {
    const { firstRetryMs = 250, maxRetryMs = 30_000, maxFailures = 5 } = options;
    const { stableMs = 10_000, now = () => performance.now() } = options;
    [this.config, this.standing] = [config, this.#standing];
    this.secrets = Secrets.of(config);
    this.#deps = deps;
    this.#options = { firstRetryMs, maxRetryMs, maxFailures, stableMs, now };
    this.#tools = new ToolWatch({
      read: () => this.#readTools(),
      publish: (listing) => this.#publish(listing),
      onFailure: (error) => this.#notice("tools not read again", toUpstreamError(error).message),
    });
    const events = {
      onLogin: () => void this.reconnect(),
      onWanted: (failure: UpstreamError) => this.#giveUp(failure),
    };
    this.login = loginOf(config, deps.logins, { secrets: this.secrets, events });
  }

  /** How it stands, as `GET /v1/servers` shows it. */
  get state(): ServerState {
    const connection = this.#connection;
    const { tools, quarantined } = this.#tools.listing;
    const { state, reason } = this.#standing;
    return {
      name: this.config.name,
      state,
      ...(reason !== undefined && { reason }),
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
    this.#standing.unsettle(undefined);
    this.#life = this.#live(this.#stop.signal);
    await this.#standing.settled;
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
      const { state, reason, settled } = this.#standing;
      if (state !== "connecting") {
        const { name } = this.config;
        throw new UpstreamError("unsent", `server "${name}" is not connected: ${reason}`);
      }
      await orAborted(settled, signal).catch((cause) => {
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
    this.#standing.unsettle(this.#toReason(failure.message));
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
    await this.login?.[Symbol.asyncDispose]();
    this.#standing.settle("failed", this.#toReason("it was stopped"));
  }

  async #end(): Promise<void> {
    this.#stop.abort();
    await this.#life;
    await this.#tools.idle();
    this.#standing.release();
  }

  /** Connects, waits for the end of the connection, waits a while, and begins again. */
  async #live(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const failure = await this.#stayConnected(stop);
      if (stop.aborted) return;
      if (!this.#mayRetry(failure)) {
        if (this.#standing.state === "connecting") this.#giveUp(failure);
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
      this.#tools.begin();
      const connection = await openConnection(this.config, {
        environment: this.#deps.environment,
        elicit: this.#deps.elicit,
        login: this.login,
        signal,
        onToolsChanged: () => this.#noteChange(),
        onNotification: ({ method }) => this.#deps.onNotification?.(this.config.name, method),
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
      this.#tools.take(
        await orAborted(listTools(connection.client, { signal, timeoutMs }), signal),
      );
    } catch (error) {
      await connection.close();
      throw error;
    }
    this.#connection = connection;
    this.#openedAt = this.#options.now();
    this.#lost = Promise.withResolvers();
    connection.ended.then((how) => this.lose(connection, new UpstreamError("lost", how)));
    this.#standing.settle("ready", undefined);
    if (this.#tools.isStale) this.#noteChange();
  }

  #publish(listing: ToolListing): void {
    const { name } = this.config;
    this.#deps.catalog.setServer(name, listing.tools);
    const { tools, quarantined } = listing;
    log.info("tools read", { server: name, tools: tools.length, quarantined: quarantined.length });
  }

  #noteChange(): void {
    if (this.#connection === undefined) this.#tools.mark();
    else this.#tools.note();
  }

  async #readTools(): Promise<ToolListing | undefined> {
    const connection = this.#connection;
    if (connection === undefined) return undefined;
    const timeoutMs = this.config.connectTimeoutMs;
    const listing = await listTools(connection.client, { signal: this.#stop.signal, timeoutMs });
    return this.#connection === connection ? listing : undefined;
  }

  #mayRetry({ kind }: UpstreamError): boolean {
    const mayPass = kind === "lost" || kind === "timed_out" || kind === "unsent";
    return mayPass &&
      (this.config.transport !== "stdio" || this.#failures < this.#options.maxFailures);
  }

  #giveUp(failure: UpstreamError): void {
    const reason = this.#toReason(failure.message);
    this.#standing.settle(failure.kind === "needs_auth" ? "needs_auth" : "failed", reason);
    log.warn("server not connected", { server: this.config.name, reason });
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
