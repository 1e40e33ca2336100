/** Lets a run wait for the servers it names, where they have never been connected yet. @module */

import type { ServerGroup } from "./join_servers.ts";

/** Options of {@linkcode awaitServers}. */
export interface AwaitServersOptions {
  /** Ends the wait. */
  signal: AbortSignal;
  /** How long a run waits at the most, milliseconds. @default {10000} */
  maxMs?: number;
}

/**
 * Resolves when each server whose name stands in the code is past its first attempt to connect, so
 * that code which comes right after a start finds its tools; all others hold nobody up. Never
 * rejects: what became of a server shows when it is called.
 */
export async function awaitServers(
  code: string,
  servers: Pick<ServerGroup, "states" | "attempted">,
  { signal, maxMs = 10_000 }: AwaitServersOptions,
): Promise<void> {
  const awaited = servers.states()
    .filter(({ state, tools }) => state === "connecting" && tools === 0)
    .filter(({ name }) => namesServer(code, name))
    .map(({ name }) => servers.attempted(name));
  if (awaited.length === 0) return;
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const stop = () => resolve();
  const timer = setTimeout(stop, maxMs);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  await Promise.race([Promise.all(awaited), enough]);
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
}

/** Whether code names a server: as it was configured, or as the identifier that stands for it. */
export function namesServer(code: string, server: string): boolean {
  return code.includes(server) || code.includes(server.replace(/[^A-Za-z0-9_$]/g, "_"));
}
