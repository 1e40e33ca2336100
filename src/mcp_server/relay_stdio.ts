/** Standard input and output as a way to another Airlock's `/mcp`: every message goes through unread. @module */

import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import { z } from "zod";
import { StdioTransport } from "./mcp_stdio.ts";

/** Where to. */
export interface RelayOptions {
  /** The whole address, with mode and server. */
  url: URL;
  /** Sent as the bearer. */
  token: string;
  /** Ends it. */
  signal: AbortSignal;
  /** Told of what went wrong beside an answer. @default {nothing is told} */
  onError?: (error: Error) => void;
}

const initialized = z.object({ result: z.object({ protocolVersion: z.string().max(64) }) });
const request = z.object({ method: z.string(), id: z.union([z.string(), z.number()]) });

/** Relays until the input ends or the signal fires. */
export async function relayStdio(options: RelayOptions): Promise<void> {
  const { url, token, signal, onError } = options;
  if (signal.aborted) return;
  const ended = Promise.withResolvers<void>();
  const near = new StdioTransport(ended.resolve);
  const far = new StreamableHTTPClientTransport(url, {
    requestInit: { headers: { authorization: `Bearer ${token}` }, redirect: "error" },
  });
  near.onerror = onError;
  far.onerror = onError;
  near.onmessage = (message) => void forward(message, near, far, onError);
  far.onmessage = (message) => {
    const version = initialized.safeParse(message).data?.result.protocolVersion;
    if (version !== undefined) far.setProtocolVersion(version);
    near.send(message).catch((error) => onError?.(error));
  };
  signal.addEventListener("abort", () => ended.resolve(), { once: true });
  await far.start();
  await near.start();
  await ended.promise;
  if (far.sessionId !== undefined) await far.terminateSession().catch((error) => onError?.(error));
  await far.close();
  await near.close();
}

/** A request that cannot be handed on is answered here, so that nobody waits for it. */
async function forward(
  message: JSONRPCMessage,
  near: Transport,
  far: Transport,
  onError: RelayOptions["onError"],
): Promise<void> {
  try {
    await far.send(message);
  } catch (cause) {
    onError?.(cause instanceof Error ? cause : new Error(String(cause)));
    const id = request.safeParse(message).data?.id;
    if (id === undefined) return;
    const error = { code: -32603, message: "Cannot reach Airlock: the request was not taken" };
    await near.send({ jsonrpc: "2.0", id, error });
  }
}
