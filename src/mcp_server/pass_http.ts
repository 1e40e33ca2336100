/** Pass-through mode over Streamable HTTP, in both protocol eras. @module */

import {
  createMcpHandler as createSdkHandler,
  InMemoryServerEventBus,
  isLegacyRequest,
} from "@modelcontextprotocol/server";
import type { ServerEvent, ServerEventBus } from "@modelcontextprotocol/server";
import type { Tool } from "../catalog/tool.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Principal } from "../grants/principal.ts";
import { ExposedNames } from "./exposed_names.ts";
import { createPassServer } from "./pass_server.ts";
import { PassSession } from "./pass_session.ts";
import { PassSessions } from "./pass_sessions.ts";
import type { PassThroughDeps } from "./pass_through_deps.ts";

/** Bytes of one request body. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** What a change of a server is to those who subscribed. */
const events = new Map<string, ServerEvent>([
  ["notifications/tools/list_changed", { kind: "tools_list_changed" }],
  ["notifications/prompts/list_changed", { kind: "prompts_list_changed" }],
  ["notifications/resources/list_changed", { kind: "resources_list_changed" }],
]);

/**
 * Answers MCP clients that want the servers' own tools. A client of 2025 has a
 * session, with connections of its own to the servers; one of 2026 is served
 * request by request over the connections that all share.
 */
export class PassThroughHttp implements AsyncDisposable {
  readonly #deps: PassThroughDeps;
  readonly #sessions: PassSessions;
  /** Who subscribed to changes, by the servers that are shown. */
  readonly #buses = new Map<string, { names: ExposedNames; bus: ServerEventBus }>();
  /** What has answered a principal that has no session. */
  readonly #answered = new Map<string, Map<string, Tool>>();
  readonly #changes: Disposable;

  /** Serves nobody yet. */
  constructor(deps: PassThroughDeps) {
    this.#deps = deps;
    this.#sessions = new PassSessions(deps, MAX_BODY_BYTES);
    this.#changes = deps.onChange((server, method) => this.#tell(server, method));
  }

  /**
   * Answers a request that has been authenticated.
   *
   * @throws {AirlockError} `not_found` where `server` names none.
   */
  async handle(request: Request, principal: Principal): Promise<Response> {
    const names = this.#namesFor(new URL(request.url).searchParams.get("server"));
    const isLegacy = await isLegacyRequest(request, undefined, {
      maxRequestBodySize: MAX_BODY_BYTES,
    });
    if (isLegacy) return await this.#sessions.handle(request, principal, names);
    const { bus } = this.#channelOf(names);
    const session = new PassSession(this.#deps, this.#answeredOf(principal));
    const handler = createSdkHandler(
      () => createPassServer({ deps: this.#deps, principal, session, names, era: "modern" }),
      {
        legacy: "reject",
        bus,
        maxRequestBodySize: MAX_BODY_BYTES,
        onerror: this.#deps.onError?.bind(this.#deps),
      },
    );
    return await handler.fetch(request);
  }

  /** Ends all sessions. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#changes[Symbol.dispose]();
    await this.#sessions[Symbol.asyncDispose]();
  }

  #namesFor(server: string | null): ExposedNames {
    const all = this.#deps.servers();
    if (server === null) return new ExposedNames(all);
    if (all.includes(server)) return new ExposedNames([server]);
    throw new AirlockError(
      "not_found",
      `Cannot pass through to "${server.slice(0, 256)}": no such server`,
    );
  }

  #channelOf(names: ExposedNames): { names: ExposedNames; bus: ServerEventBus } {
    const key = JSON.stringify(names.servers);
    const known = this.#buses.get(key) ?? {
      names,
      bus: new InMemoryServerEventBus(this.#deps.onError?.bind(this.#deps)),
    };
    this.#buses.set(key, known);
    return known;
  }

  #answeredOf({ name }: Principal): Map<string, Tool> {
    const known = this.#answered.get(name) ?? new Map<string, Tool>();
    this.#answered.set(name, known);
    return known;
  }

  #tell(server: string, method: string): void {
    const event = events.get(method);
    if (event === undefined) return;
    for (const { names, bus } of this.#buses.values()) {
      if (names.servers.includes(server)) bus.publish(event);
    }
    this.#sessions.tell(server, method);
  }
}
