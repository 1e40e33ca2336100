/** Sessions of MCP clients of 2025 in pass-through mode over HTTP. @module */

import {
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Principal } from "../grants/principal.ts";
import type { ExposedNames } from "./exposed_names.ts";
import { createPassServer } from "./pass_server.ts";
import { PassSession } from "./pass_session.ts";
import type { PassThroughDeps } from "./pass_through_deps.ts";

/** Sessions of one principal, and of all together. */
const MAX_OWN = 32;
const MAX_ALL = 256;
/** How long a session is kept that nobody uses, milliseconds. */
const IDLE_MS = 30 * 60_000;
const SWEEP_MS = 60_000;

interface LiveSession {
  principal: string;
  names: ExposedNames;
  server: Server;
  transport: WebStandardStreamableHTTPServerTransport;
  session: PassSession;
  usedAt: number;
  /** Requests whose response is still being read. */
  open: number;
}

/** Keeps sessions, each for the principal that began it and the servers it was begun with. */
export class PassSessions implements AsyncDisposable {
  readonly #deps: PassThroughDeps;
  readonly #maxBodyBytes: number;
  readonly #live = new Map<string, LiveSession>();
  readonly #ending = new Set<Promise<void>>();
  #sweep?: ReturnType<typeof setInterval>;

  /** Has no session yet. */
  constructor(deps: PassThroughDeps, maxBodyBytes: number) {
    this.#deps = deps;
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** Answers a request of a session, or one that begins one. */
  async handle(request: Request, principal: Principal, names: ExposedNames): Promise<Response> {
    const id = request.headers.get("mcp-session-id");
    if (id === null) return await this.#begin(request, principal, names);
    const live = this.#live.get(id);
    if (live?.principal !== principal.name || !isSame(live.names, names)) {
      throw new AirlockError(
        "not_found",
        "Cannot go on with the session: there is none by this id",
      );
    }
    return await this.#serve(live, request);
  }

  /** Tells the clients that see a server that one of its lists changed. */
  tell(server: string, method: string): void {
    for (const { names, session } of this.#live.values()) {
      if (!names.servers.includes(server)) continue;
      session.tellClient(method).catch((error) => this.#deps.onError?.(error));
    }
  }

  /** Ends all sessions. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const [id, live] of this.#live) this.#end(id, live);
    await Promise.all(this.#ending);
  }

  async #begin(request: Request, principal: Principal, names: ExposedNames): Promise<Response> {
    this.#makeRoom(principal);
    const session = new PassSession(this.#deps);
    const server = await createPassServer({
      deps: this.#deps,
      principal,
      session,
      names,
      era: "legacy",
    });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      maxRequestBodySize: this.#maxBodyBytes,
      onsessioninitialized: (id) => this.#keep(id, live),
      onsessionclosed: (id) => this.#end(id, live),
    });
    const live: LiveSession = {
      principal: principal.name,
      names,
      server,
      transport,
      session,
      usedAt: Date.now(),
      open: 0,
    };
    await server.connect(transport);
    const response = await this.#serve(live, request);
    // What was no good beginning leaves nothing behind.
    if (transport.sessionId === undefined) await endSession(live);
    return response;
  }

  async #serve(live: LiveSession, request: Request): Promise<Response> {
    live.usedAt = Date.now();
    live.open++;
    const done = () => {
      live.open--;
      live.usedAt = Date.now();
    };
    try {
      return whenRead(await live.transport.handleRequest(request), done);
    } catch (error) {
      done();
      throw error;
    }
  }

  #makeRoom({ name }: Principal): void {
    const idle = [...this.#live].filter(([, { open }]) => open === 0)
      .sort(([, a], [, b]) => a.usedAt - b.usedAt);
    const own = [...this.#live.values()].filter(({ principal }) => principal === name).length;
    if (own < MAX_OWN && this.#live.size < MAX_ALL) return;
    const oldest = idle.find(([, { principal }]) => own < MAX_OWN || principal === name);
    if (oldest === undefined) {
      const message = `Cannot begin a session: there are ${this.#live.size} already`;
      throw new AirlockError("queue_full", message, { retryAfterSeconds: 60 });
    }
    this.#end(...oldest);
  }

  #keep(id: string, live: LiveSession): void {
    this.#live.set(id, live);
    if (this.#sweep !== undefined) return;
    this.#sweep = setInterval(() => this.#endIdle(), SWEEP_MS);
    Deno.unrefTimer(this.#sweep);
  }

  #endIdle(): void {
    for (const [id, live] of this.#live) {
      if (live.open === 0 && Date.now() - live.usedAt > IDLE_MS) this.#end(id, live);
    }
  }

  #end(id: string, live: LiveSession): void {
    this.#live.delete(id);
    if (this.#live.size === 0) {
      clearInterval(this.#sweep);
      this.#sweep = undefined;
    }
    const ending = endSession(live).catch((error) => this.#deps.onError?.(error));
    this.#ending.add(ending);
    ending.finally(() => this.#ending.delete(ending));
  }
}

async function endSession({ server, session }: LiveSession): Promise<void> {
  await server.close();
  await session[Symbol.asyncDispose]();
}

function isSame(a: ExposedNames, b: ExposedNames): boolean {
  return JSON.stringify(a.servers) === JSON.stringify(b.servers);
}

/** The response, and a word when it was read to its end or given up. */
function whenRead(response: Response, done: () => void): Response {
  if (response.body === null) {
    done();
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done: isOver, value } = await reader.read();
        if (!isOver) return controller.enqueue(value);
        done();
        controller.close();
      } catch (error) {
        done();
        controller.error(error);
      }
    },
    async cancel(reason) {
      done();
      await reader.cancel(reason);
    },
  });
  return new Response(body, response);
}
