/** All configured MCP servers. @module */

import type { Config } from "../config/config.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import { SignedCall } from "../grants/signed_call.ts";
import type { InvokeTool } from "../grants/signed_call.ts";
import { invokeCall } from "./invoke_call.ts";
import type { ServerState } from "./server_state.ts";
import { Upstream } from "./upstream.ts";
import type { UpstreamDeps, UpstreamOptions } from "./upstream.ts";

/**
 * Keeps a connection to each configured MCP server and calls their tools.
 * None of them can hold up or bring down another.
 */
export class Upstreams {
  readonly #upstreams: ReadonlyMap<string, Upstream>;
  readonly #disabled: readonly ServerState[];
  #ready: Promise<void> = Promise.resolve();

  /** Connects to nothing yet. */
  constructor(
    config: Pick<Config, "servers" | "disabledServers">,
    deps: UpstreamDeps,
    options: UpstreamOptions = {},
  ) {
    this.#upstreams = new Map(
      config.servers.map((server) => [server.name, new Upstream(server, deps, options)]),
    );
    this.#disabled = config.disabledServers.map(({ name, transport, reason }) => ({
      name,
      state: "failed",
      reason,
      transport,
      tools: 0,
      quarantined: [],
    }));
  }

  /** Begins to connect them all at once. Never throws: `states()` tells what became of each. */
  start(): void {
    const attempts = [...this.#upstreams.values()].map((upstream) => upstream.start());
    this.#ready = Promise.all(attempts).then(() => undefined);
  }

  /** Resolves when each is past its first attempt. */
  ready(): Promise<void> {
    return this.#ready;
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

  /** Makes a call on the server that the grant names. An {@linkcode InvokeTool}. */
  readonly invoke: InvokeTool = async (call, options) => {
    // The type alone does not keep a look-alike out.
    if (!(call instanceof SignedCall)) throw new TypeError("Cannot invoke a call: not signed");
    const { tool, simulated } = call.grant;
    if (simulated) throw new TypeError(`Cannot invoke "${tool.name}": its grant simulates`);
    const upstream = this.#upstreams.get(tool.server);
    if (upstream === undefined) {
      const message = `Cannot call "${tool.name}": server "${tool.server}" is not configured`;
      throw new AirlockError("tool_failed", message);
    }
    return await invokeCall(upstream, call, options);
  };

  /** Ends all connections and child processes. Resolves when none is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#upstreams.values()].map((upstream) => upstream[Symbol.asyncDispose]()),
    );
  }
}
