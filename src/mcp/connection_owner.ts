/** A connection that serves one client of ours alone: what the server asks for goes to that client. @module */

import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/client";
import type { Client, ClientCapabilities, Notification } from "@modelcontextprotocol/client";

/** A request of a server. */
export interface ServerRequest {
  /** `elicitation/create`, `sampling/createMessage` or `roots/list`. */
  readonly method: string;
  /** As the server sent them. */
  readonly params?: Record<string, unknown>;
}

/** A client of ours in whose name a connection speaks. */
export interface ConnectionOwner {
  /** What the server may ask of it; told when the connection is opened. */
  capabilities(): ClientCapabilities;
  /** Answers a request of the server. */
  answer(request: ServerRequest, signal: AbortSignal): Promise<Record<string, unknown>>;
  /** Takes what the server says unasked. */
  notify(notification: Notification): void;
}

/** Requests of servers that reach the owner; `ping` is answered by the connection itself. */
const ownersRequests: ReadonlySet<string> = new Set([
  "elicitation/create",
  "sampling/createMessage",
  "roots/list",
]);

/** Hands on what the server asks for. */
export function handleOwner(client: Client, owner: ConnectionOwner): void {
  client.fallbackRequestHandler = async ({ method, params }, { mcpReq }) => {
    if (ownersRequests.has(method)) return await owner.answer({ method, params }, mcpReq.signal);
    throw new ProtocolError(ProtocolErrorCode.MethodNotFound, "Method not found");
  };
}
