/** Keeps a 2026 server telling what changes: opens `subscriptions/listen`, and again after a drop. @module */

import type { Client, McpSubscription } from "@modelcontextprotocol/client";
import { delay } from "./delay.ts";
import { toUpstreamError } from "./to_upstream_error.ts";

/** A subscription that lasted this long, milliseconds, ends a row of failures. */
const stableMs = 10_000;

/** Options of {@linkcode keepSubscribed}. */
export interface SubscriptionOptions {
  /** How long the server may take to agree, milliseconds. */
  timeoutMs: number;
  /** Ends it; fires when the connection does. */
  signal: AbortSignal;
  /** Told after a gap: what changed in it was not told. */
  onGap(): void;
  /** Told what is wrong without ending anything. */
  onNotice?: (message: string, detail: string) => void;
  /** Wait before the first try after a drop, milliseconds; doubles with each failure. @default {250} */
  firstRetryMs?: number;
}

/**
 * Asks to be told of changes, where the server offers that. Resolves when it
 * agreed or failed to for the first time; a drop is mended from then on.
 */
export async function keepSubscribed(client: Client, options: SubscriptionOptions): Promise<void> {
  if (Object.keys(changesOf(client)).length === 0) return;
  const first = await open(client, options);
  // It works without: the tools are read again at the next connection.
  if (first !== undefined) void mend(client, first, options);
}

async function open(
  client: Client,
  { timeoutMs, signal, onNotice }: SubscriptionOptions,
): Promise<McpSubscription | undefined> {
  try {
    return await client.listen(changesOf(client), { timeout: timeoutMs, signal });
  } catch (error) {
    if (!signal.aborted) onNotice?.("no subscription", toUpstreamError(error).message);
    return undefined;
  }
}

/** What the server offers to tell of. */
function changesOf(client: Client): Parameters<Client["listen"]>[0] {
  const { tools, prompts, resources } = client.getServerCapabilities() ?? {};
  return {
    ...(tools?.listChanged === true && { toolsListChanged: true }),
    ...(prompts?.listChanged === true && { promptsListChanged: true }),
    ...(resources?.listChanged === true && { resourcesListChanged: true }),
  };
}

async function mend(
  client: Client,
  first: McpSubscription,
  options: SubscriptionOptions,
): Promise<void> {
  const { signal, onGap, firstRetryMs = 250 } = options;
  let subscription: McpSubscription | undefined = first;
  let failures = 0;
  while (!signal.aborted) {
    const openedAt = performance.now();
    if (await subscription?.closed === "local") return;
    const wasStable = subscription !== undefined && performance.now() - openedAt >= stableMs;
    failures = wasStable ? 0 : failures + 1;
    await delay(Math.min(firstRetryMs * 2 ** failures, 30_000), signal);
    if (signal.aborted) return;
    subscription = await open(client, options);
    if (subscription !== undefined) onGap();
  }
}
