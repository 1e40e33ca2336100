/** Reads a JSON body of a stranger: bounded in bytes while it arrives, and in depth. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import type { Json } from "../protocol/json.ts";
import { parseJson } from "../protocol/json_text.ts";
import { invalidRequest } from "./invalid_request.ts";

/** How {@linkcode readJson} reads. */
export interface ReadJsonOptions {
  /** What the request wants, for messages: `Cannot start a run`. */
  action: string;
  /** Most bytes that are read. @default {65536} */
  maxBytes?: number;
  /** Levels of arrays and objects within each other. @default {64} */
  maxDepth?: number;
}

/**
 * The JSON body of a request. Only `application/json` is taken, which a form
 * on another site cannot send without being asked about first.
 *
 * @throws {AirlockError} `too_large`, or `invalid_request` where it is not JSON.
 */
export async function readJson(request: Request, options: ReadJsonOptions): Promise<Json> {
  const { action, maxBytes = 65_536, maxDepth = 64 } = options;
  assertJsonType(request, action);
  const text = decode(await readBytes(request, action, maxBytes), action);
  try {
    return parseJson(text, { maxDepth });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalidRequest(action, [{ path: "", message: jsonTrouble(error) }]);
  }
}

function assertJsonType(request: Request, action: string): void {
  const type = request.headers.get("content-type")?.split(";")[0].trim().toLowerCase();
  if (type === "application/json") return;
  const message = "the body must be sent with Content-Type: application/json";
  throw invalidRequest(action, [{ path: "", message }]);
}

async function readBytes(request: Request, action: string, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length")) > maxBytes) throw tooLarge(action, maxBytes);
  const reader = request.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (true) {
    const chunk = await readChunk(reader, action);
    if (chunk === undefined) return join(chunks, length);
    length += chunk.byteLength;
    if (length > maxBytes) {
      await reader.cancel();
      throw tooLarge(action, maxBytes);
    }
    chunks.push(chunk);
  }
}

async function readChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  action: string,
): Promise<Uint8Array | undefined> {
  try {
    return (await reader.read()).value;
  } catch (cause) {
    const message = "the body ended before it was whole";
    throw invalidRequest(action, [{ path: "", message }], { cause });
  }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  if (chunks.length === 1) return chunks[0];
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

function decode(bytes: Uint8Array, action: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw invalidRequest(action, [{ path: "", message: "the body is not UTF-8" }]);
  }
}

/** What is wrong with a JSON text, without quoting it. */
function jsonTrouble(error: SyntaxError): string {
  const depth = /nested deeper than \d+ levels/.exec(error.message)?.[0];
  const position = /at position \d+/.exec(error.message)?.[0];
  return depth ?? ["the body is not JSON", position].filter(Boolean).join(" ");
}

function tooLarge(action: string, maxBytes: number): AirlockError {
  return new AirlockError("too_large", `${action}: the body is larger than ${maxBytes} bytes`);
}
