/** All configured OpenAPI documents. @module */

import type { OpenApiConfig } from "../config/config.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { InvokeTool } from "../grants/signed_call.ts";
import { serverOf } from "../servers/make_call.ts";
import type { ServerState } from "../servers/server_state.ts";
import { type OpenApiDeps, type OpenApiOptions, OpenApiServer } from "./openapi_server.ts";

/**
 * Makes tools of OpenAPI documents and calls them. None of the documents can
 * hold up or bring down another.
 */
export class OpenApiServers {
  readonly #servers: ReadonlyMap<string, OpenApiServer>;
  #attempts: ReadonlyMap<string, Promise<void>> = new Map();

  /** Reads nothing yet. */
  constructor(documents: readonly OpenApiConfig[], deps: OpenApiDeps, options?: OpenApiOptions) {
    this.#servers = new Map(
      documents.map((document) => [document.name, new OpenApiServer(document, deps, options)]),
    );
  }

  /** Begins to read them all. Never throws: `states()` tells what became of each. */
  start(): void {
    this.#attempts = new Map([...this.#servers].map(([name, server]) => [name, server.load()]));
  }

  /** Resolves when each was tried. */
  async ready(): Promise<void> {
    await Promise.all(this.#attempts.values());
  }

  /** Resolves when one of them was tried; at once where there is none of that name. */
  async attempted(name: string): Promise<void> {
    await this.#attempts.get(name);
  }

  /** How they stand, in the order of the configuration. */
  states(): ServerState[] {
    return [...this.#servers.values()].map((server) => server.state);
  }

  /**
   * Reads a document anew. Resolves when that was tried.
   *
   * @throws {AirlockError} `not_found`.
   */
  async reconnect(name: string): Promise<ServerState> {
    const server = this.#servers.get(name);
    if (server === undefined) {
      throw new AirlockError("not_found", `Cannot reconnect "${name}": no such server`);
    }
    await server.load();
    return server.state;
  }

  /** Makes a call on the server that the grant names. An {@linkcode InvokeTool}. */
  readonly invoke: InvokeTool = async (call, options) =>
    await serverOf(call, this.#servers).call(call, options);

  /** Ends what is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server[Symbol.asyncDispose]()));
  }
}
