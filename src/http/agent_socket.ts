/** An agent over a WebSocket: JSON text both ways. @module */

import { z } from "zod";
import type { Agents } from "../agent/agents.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Principal } from "../grants/principal.ts";
import { logger } from "../log/log.ts";
import { parseJson } from "../protocol/json_text.ts";
import { maxContentChars } from "./message_body.ts";

const log = logger("http");

/** Bytes that may wait for a client to read them; beyond, it is let go and may come back. */
const maxBufferedBytes = 4 * 1024 * 1024;
/** Frames in a row that make no sense before the socket is closed. */
const maxRubbish = 20;
/** Between two looks whether a client reads again, milliseconds. */
const lookMs = 50;

const messageFrame = z.strictObject({
  type: z.literal("message"),
  content: z.string().min(1).max(maxContentChars),
  key: z.string().regex(/^[\x21-\x7e]{1,255}$/).optional(),
});

/** Whose socket it is. */
export interface SocketOptions {
  /** The agent. */
  name: string;
  principal: Principal;
  /** The last event that the client has. @default {from now on} */
  cursor?: string;
}

/** Opens a socket: `message` in; `message delta run call state error` out, each with its cursor. */
export function agentSocket(
  request: Request,
  agents: Pick<Agents, "send" | "follow">,
  options: SocketOptions,
): Response {
  const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 60 });
  const leaving = new AbortController();
  let rubbish = 0;
  const complain = (code: string, detail: string) => {
    if (socket.readyState === WebSocket.OPEN) {
      socket.send(JSON.stringify({ type: "error", code, detail }));
    }
  };
  const take = async (data: unknown) => {
    const frame = parseFrame(data);
    if (frame === undefined) {
      complain("invalid_request", 'Cannot read the frame: send {"type":"message","content":"…"}');
      if (++rubbish >= maxRubbish) socket.close(1008, "too many frames that make no sense");
      return;
    }
    rubbish = 0;
    try {
      await agents.send(options.name, frame.content, options.principal, { key: frame.key });
    } catch (error) {
      if (error instanceof AirlockError) return complain(error.code, error.message);
      log.error("message not taken in", { error });
      complain("internal", "Cannot take the message in: an unexpected error, see the log");
    }
  };
  // One after the other: messages keep the order in which they came.
  let taken = Promise.resolve();
  socket.onopen = () => void tell(socket, agents, { ...options, signal: leaving.signal });
  socket.onmessage = ({ data }) => taken = taken.then(() => take(data));
  socket.onclose = () => leaving.abort();
  socket.onerror = () => leaving.abort();
  return response;
}

/** Tells events until the client leaves, or reads too slowly. Never rejects. */
async function tell(
  socket: WebSocket,
  agents: Pick<Agents, "follow">,
  { name, principal, cursor, signal }: SocketOptions & { signal: AbortSignal },
): Promise<void> {
  try {
    for await (const event of await agents.follow(name, principal, { cursor, signal })) {
      if (event.type === "end" || socket.readyState !== WebSocket.OPEN) continue;
      socket.send(JSON.stringify(event));
      if (!await drained(socket, signal)) return socket.close(1013, "the client reads too slowly");
    }
    if (socket.readyState === WebSocket.OPEN) socket.close(1012, "come back with the last cursor");
  } catch (error) {
    if (signal.aborted) return;
    log.error("socket ended", { error });
    socket.close(1011, "an unexpected error");
  }
}

/** Whether a client reads what waits for it, given some time. */
async function drained(socket: WebSocket, signal: AbortSignal): Promise<boolean> {
  for (let looks = 0; socket.bufferedAmount > maxBufferedBytes; looks++) {
    if (looks > 200 || signal.aborted) return false;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  return true;
}

function parseFrame(data: unknown): z.infer<typeof messageFrame> | undefined {
  if (typeof data !== "string" || data.length > maxContentChars + 1_024) return undefined;
  try {
    return messageFrame.safeParse(parseJson(data, { maxDepth: 4 })).data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
