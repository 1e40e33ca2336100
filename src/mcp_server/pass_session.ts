/** One client in pass-through mode: its ways to the servers, and what they ask of it. @module */

import type { ClientCapabilities, Notification, Server } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Tool } from "../catalog/tool.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { ConnectionOwner } from "../mcp/connection_owner.ts";
import type { UpstreamLine } from "../mcp/upstream_line.ts";
import type { RequestContext } from "./request_context.ts";
import type { PassThroughDeps } from "./pass_through_deps.ts";

/** How long a person, or a model, may take to answer what a server asks, milliseconds. */
export const ANSWER_MS = 600_000;

/** Any result: what is handed on is not looked into. */
export const anyResult = z.looseObject({});

/**
 * The ways of one client. A client that stays connected has connections of its
 * own, so that what a server asks or logs reaches it alone; requests of a
 * client that does not (2026) share Airlock's connections, over which no
 * server can ask anything.
 */
export class PassSession implements AsyncDisposable {
  /** Tools that have answered this client: what rules with `from` look at. */
  readonly answered: Map<string, Tool>;
  readonly #deps: PassThroughDeps;
  readonly #lines = new Map<string, UpstreamLine>();
  /** Requests under way, by server. */
  readonly #underWay = new Map<string, Set<RequestContext>>();
  #client?: Server;
  #isOver = false;

  /** Has no way anywhere yet. */
  constructor(deps: PassThroughDeps, answered: Map<string, Tool> = new Map()) {
    this.#deps = deps;
    this.answered = answered;
  }

  /** The client stays connected, by this server instance of ours. */
  attach(client: Server): void {
    this.#client = client;
  }

  /** What the client that stays connected can do; nothing where there is none. */
  get capabilities(): ClientCapabilities {
    const { elicitation, sampling, roots } = this.#client?.getClientCapabilities() ?? {};
    return {
      ...(elicitation && { elicitation }),
      ...(sampling && { sampling }),
      ...(roots && { roots }),
    };
  }

  /** The way to a server. */
  line(server: string): UpstreamLine {
    if (this.#isOver) throw new AirlockError("cancelled", "Cannot go on: the client is gone");
    const known = this.#lines.get(server);
    if (known !== undefined) return known;
    const line = this.#deps.line(server, this.#client && this.#owner(server, this.#client));
    this.#lines.set(server, line);
    return line;
  }

  /** Notes a request for as long as it is under way, so that what the server asks goes with it. */
  async during<T>(server: string, request: RequestContext, work: () => Promise<T>): Promise<T> {
    const requests = this.#underWay.get(server) ?? new Set();
    this.#underWay.set(server, requests.add(request));
    try {
      return await work();
    } finally {
      requests.delete(request);
    }
  }

  /** Tells all servers something that the client said. */
  async tellServers(method: string): Promise<void> {
    await Promise.all([...this.#lines.values()].map((line) => line.tell(method)));
  }

  /** Tells the client that a list of a server changed. */
  async tellClient(method: string): Promise<void> {
    await this.#client?.notification({ method });
  }

  /** Ends the connections that are the client's own. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.#lines.values()].map((line) => line[Symbol.asyncDispose]()));
  }

  #owner(server: string, client: Server): ConnectionOwner {
    return {
      capabilities: () => this.capabilities,
      answer: ({ method, params }, signal) => {
        const options = { signal, timeout: ANSWER_MS };
        const request = { method, params };
        return this.#latest(server)?.send(request, anyResult, options) ??
          client.request(request, anyResult, options);
      },
      notify: (notification) => {
        // Every client is told of changed lists, whether or not it has a connection yet.
        if (notification.method.endsWith("/list_changed")) return;
        this.#handOn(server, client, notification).catch((error) => this.#deps.onError?.(error));
      },
    };
  }

  async #handOn(server: string, client: Server, notification: Notification): Promise<void> {
    const request = notification.method === "notifications/message"
      ? this.#latest(server)
      : undefined;
    await (request?.notify(notification) ?? client.notification(notification));
  }

  /** All requests under way on a connection of its own are this client's: any of them will do. */
  #latest(server: string): RequestContext | undefined {
    return [...this.#underWay.get(server) ?? []].at(-1);
  }
}
