/** Makes the plain value that code sees from an HTTP response. @module */

import type { Json } from "../protocol/json.ts";
import { measureJson } from "../servers/measure_json.ts";
import { UpstreamError } from "../servers/upstream_error.ts";
import { readBytes } from "./read_bytes.ts";

const maxDepth = 64;
const maxErrorBytes = 16_384;
const maxErrorChars = 2_000;

/** Media types that are text, beside `text/…` and what ends in `+xml`. */
const textTypes =
  /^text\/|^application\/(xml|javascript|yaml|x-yaml|x-ndjson|x-www-form-urlencoded|graphql)$|\+(xml|yaml)$/;

/**
 * The plain value of a response: JSON where it says that it is; `null` where it
 * has no content; text; else one content block with its bytes in base64.
 *
 * @throws {UpstreamError} `failed`, with the status and the server's own words,
 * where it is no success; `refused`, where it is too large or too deep.
 */
export async function readAnswer(response: Response, maxBytes: number): Promise<Json> {
  if (!response.ok) throw await failureOf(response);
  const bytes = response.body === null
    ? new Uint8Array()
    : await readBytes(response.body, maxBytes, "its answer");
  if (bytes.length === 0) return null;
  const type = mediaType(response);
  if (isJsonType(type)) return parseJson(new TextDecoder().decode(bytes));
  const text = textTypes.test(type) || type === "" ? decodeText(bytes, type) : undefined;
  return text ?? [blockOf(type, bytes.toBase64())];
}

function parseJson(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
  if (isShallow(value)) return value;
  throw new UpstreamError("refused", `its answer is nested deeper than ${maxDepth}`);
}

/** What came out of `JSON.parse()` is JSON: only its depth is in question. */
function isShallow(value: unknown): value is Json {
  return measureJson(value, maxDepth).depth <= maxDepth;
}

/** The text; without a media type to say so, only what is UTF-8 is one. */
function decodeText(bytes: Uint8Array<ArrayBuffer>, type: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: type === "" }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** A content block of MCP: what `emit()` takes. */
function blockOf(type: string, data: string): Json {
  const mimeType = type === "" ? "application/octet-stream" : type;
  if (type.startsWith("image/")) return { type: "image", mimeType, data };
  if (type.startsWith("audio/")) return { type: "audio", mimeType, data };
  return { type: "resource", resource: { uri: "airlock:answer", mimeType, blob: data } };
}

/** The body of an error is worth reading, but not to its end. */
async function failureOf(response: Response): Promise<UpstreamError> {
  const { status, body } = response;
  const words = body === null ? "" : await readStart(body);
  const message = words === "" ? `HTTP status ${status}` : `HTTP status ${status}: ${words}`;
  return new UpstreamError("failed", message, { status });
}

async function readStart(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    length += chunk.length;
    if (length >= maxErrorBytes) break;
  }
  const words = text.trim();
  return words.length <= maxErrorChars ? words : `${words.slice(0, maxErrorChars)}…`;
}

function mediaType(response: Response): string {
  const type = (response.headers.get("content-type") ?? "").split(";", 1)[0].trim().toLowerCase();
  return /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(type) ? type : "";
}

function isJsonType(type: string): boolean {
  return /^(application|text)\/([\w.+-]+\+)?json$/.test(type);
}
