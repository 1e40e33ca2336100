/** Airlock as an MCP server on standard input and output, in both protocol eras. @module */

import type { McpServerFactory } from "@modelcontextprotocol/server";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import type { Principal } from "../grants/principal.ts";
import { Attendants } from "./attendants.ts";
import { createMcpServer } from "./create_server.ts";
import { writeInstructions } from "../prompts/instructions.ts";
import type { McpServerDeps } from "./mcp_server_deps.ts";

/** Options of {@linkcode serveMcpStdio}. */
export interface ServeMcpStdioOptions {
  /** Ends the connection. */
  signal?: AbortSignal;
}

/**
 * Serves MCP on this process's standard input and output until the input ends
 * or the signal fires; requests then under way are cancelled. The output
 * belongs to the protocol: whoever calls this sees to it that nothing else is
 * written there.
 */
export async function serveMcpStdio(
  deps: McpServerDeps,
  principal: Principal,
  options: ServeMcpStdioOptions = {},
): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  const onCall = (answer: Promise<unknown>) => {
    underWay.add(answer);
    answer.finally(() => underWay.delete(answer));
  };
  const attendants = new Attendants();
  await serveStdioUntil(async () =>
    createMcpServer(deps, principal, {
      instructions: await writeInstructions(deps, principal),
      attendants,
      onCall,
    }), { ...options, onError: deps.onError?.bind(deps) });
  // A process that ended sooner could leave a run going in another one.
  await Promise.all(underWay);
}

/** Serves what the factory makes on standard input and output, until the input ends or the signal fires. */
export async function serveStdioUntil(
  factory: McpServerFactory,
  { signal, onError }: ServeMcpStdioOptions & { onError?: (error: Error) => void },
): Promise<void> {
  if (signal?.aborted) return;
  const ended = Promise.withResolvers<void>();
  const transport = new StdioTransport(ended.resolve);
  const handle = serveStdio(factory, { transport, onerror: onError });
  signal?.addEventListener("abort", () => ended.resolve(), { once: true });
  await ended.promise;
  await handle.close();
}

/** The SDK's transport, which tells when it was closed from either side. */
export class StdioTransport extends StdioServerTransport {
  readonly #onClosed: () => void;

  /** Tells `onClosed` once. */
  constructor(onClosed: () => void) {
    super();
    this.#onClosed = onClosed;
  }

  override async close(): Promise<void> {
    await super.close();
    this.#onClosed();
  }
}
