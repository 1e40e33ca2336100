/** All configured MCP servers. @module */

import type { Config } from "../config/config.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { InvokeTool } from "../grants/signed_call.ts";
import { serverOf } from "../servers/make_call.ts";
import type { ServerState } from "../servers/server_state.ts";
import { orAborted } from "./delay.ts";
import { invokeCall } from "./invoke_call.ts";
import type { ConnectionOwner } from "./connection_owner.ts";
import { UpstreamLine } from "./upstream_line.ts";
import type { People } from "./people.ts";
import { ResourceReader } from "./read_resource.ts";
import type { ReadResource, ReadResourceOptions } from "./read_resource.ts";
import { Upstream } from "./upstream.ts";
import type { UpstreamDeps, UpstreamOptions } from "./upstream.ts";

/**
 * Keeps a connection to each configured MCP server and calls their tools.
 * None of them can hold up or bring down another.
 */
export class Upstreams {
  readonly #upstreams: ReadonlyMap<string, Upstream>;
  readonly #resources: ResourceReader;
  readonly #people: People | undefined;
  readonly #disabled: readonly ServerState[];
  readonly #environment: UpstreamDeps["environment"];
  readonly #listeners = new Set<(server: string, method: string) => void>();
  #ready: Promise<unknown> = Promise.resolve();

  /** Connects to nothing yet. */
  constructor(
    config: Pick<Config, "servers" | "disabledServers">,
    { people, ...given }: Omit<UpstreamDeps, "onNotification"> & { people?: People },
    options: UpstreamOptions = {},
  ) {
    const deps: UpstreamDeps = people === undefined ? given : { ...given, elicit: people.ask };
    this.#people = people;
    this.#environment = deps.environment;
    const onNotification = (server: string, method: string) => {
      for (const listener of this.#listeners) listener(server, method);
    };
    this.#upstreams = new Map(
      config.servers.map((
        server,
      ) => [server.name, new Upstream(server, { ...deps, onNotification }, options)]),
    );
    this.#resources = new ResourceReader(this.#upstreams);
    this.#disabled = config.disabledServers.map(({ name, transport, reason }) => ({
      name,
      state: "failed",
      reason,
      transport,
      tools: 0,
      quarantined: [],
    }));
  }

  /** Keys of the servers, in the order of the configuration, without disabled ones. */
  get names(): readonly string[] {
    return [...this.#upstreams.keys()];
  }

  /** Begins to connect them all at once. Never throws: `states()` tells what became of each. */
  start(): void {
    this.#ready = Promise.all([...this.#upstreams.values()].map((upstream) => upstream.start()));
  }

  /** Resolves when each is past its first attempt. */
  async ready(): Promise<void> {
    await this.#ready;
  }

  /** Resolves when one of them does not connect any more; at once where there is none of that name. */
  async attempted(name: string): Promise<void> {
    await this.#upstreams.get(name)?.standing.settled;
  }

  /** How they stand, in the order of the configuration, disabled ones last. */
  states(): ServerState[] {
    return [...[...this.#upstreams.values()].map((upstream) => upstream.state), ...this.#disabled];
  }

  /**
   * Connects one anew, also where it had been given up. Resolves when that was tried.
   *
   * @throws {AirlockError} `not_found`, or `conflict` where it is disabled.
   */
  async reconnect(name: string): Promise<ServerState> {
    const disabled = this.#disabled.find((state) => state.name === name);
    if (disabled !== undefined) {
      throw new AirlockError("conflict", `Cannot reconnect "${name}": ${disabled.reason}`);
    }
    const upstream = this.#upstreams.get(name);
    if (upstream === undefined) {
      throw new AirlockError("not_found", `Cannot reconnect "${name}": no such server`);
    }
    await upstream.reconnect();
    return upstream.state;
  }

  /**
   * Begins a login; gives the page where a person goes on with it.
   *
   * @throws {AirlockError} `not_found`, or `conflict` where none can begin.
   */
  async login(name: string): Promise<{ url: string }> {
    const upstream = this.#upstreams.get(name);
    if (upstream === undefined) {
      throw new AirlockError("not_found", `Cannot log in to "${name}": no such server`);
    }
    if (upstream.login === undefined) {
      const state = "it takes its credentials from the configuration";
      throw new AirlockError("conflict", `Cannot log in to "${name}": ${state}`);
    }
    return { url: await upstream.login.begin() };
  }

  /** Resolves when a server wants no login any more, or the signal fires. */
  async loggedIn(name: string, signal: AbortSignal): Promise<void> {
    const standing = this.#upstreams.get(name)?.standing;
    while (standing?.state === "needs_auth" && !signal.aborted) {
      await orAborted(standing.changed, signal).catch(() => undefined);
    }
  }

  /**
   * Takes the answer to a login, as a person's browser brought it; good once.
   * Gives the server, which begins to connect.
   *
   * @throws {AirlockError} `conflict` where it is no answer to a login, or none that is good.
   */
  async finishLogin(params: URLSearchParams): Promise<string> {
    for (const { login, config } of this.#upstreams.values()) {
      if (!login?.expects(params)) continue;
      await login.finish(params);
      return config.name;
    }
    throw new AirlockError("conflict", "Cannot log in: nobody waits for this answer any more");
  }

  /** Makes a call on the server that the grant names. An {@linkcode InvokeTool}. */
  readonly invoke: InvokeTool = async (call, options) => {
    const upstream = serverOf(call, this.#upstreams);
    using _calling = this.#people?.calls(upstream.config.name, call.grant.run, options.hold);
    return await invokeCall(upstream, call, options);
  };

  /**
   * Reads a resource, from the server that lists it unless one is named.
   *
   * @throws {AirlockError} `tool_denied` or `tool_failed`.
   */
  readResource(uri: string, options: ReadResourceOptions): Promise<ReadResource> {
    return this.#resources.read(uri, options);
  }

  /** Tells what servers say unasked, by the methods of their notifications; gives a function that ends it. */
  onNotification(listener: (server: string, method: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * A way to one server for one client of ours; with an owner, by a connection of its own.
   *
   * @throws {AirlockError} `not_found`
   */
  line(name: string, owner?: ConnectionOwner): UpstreamLine {
    const upstream = this.#upstreams.get(name);
    if (upstream === undefined) {
      throw new AirlockError("not_found", `Cannot reach "${name}": no such server`);
    }
    return new UpstreamLine(upstream, { environment: this.#environment, owner });
  }

  /** Ends all connections and child processes. Resolves when none is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#upstreams.values()].map((upstream) => upstream[Symbol.asyncDispose]()),
    );
  }
}
