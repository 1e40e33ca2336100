/** Gets an OpenAPI document from where the configuration says it is. @module */

import type { OpenApiConfig } from "../config/config.ts";
import { UpstreamError } from "../servers/upstream_error.ts";
import { followRedirects } from "./follow_redirects.ts";
import { type ParsedDocument, parseDocument } from "./parse_document.ts";
import { reachUrl } from "./reach.ts";
import { readBytes } from "./read_bytes.ts";

/** Largest document, in bytes. */
const maxBytes = 64 * 1024 * 1024;

/** A document and where it came from. */
export interface LoadedDocument extends ParsedDocument {
  /** Absent where it is a file: then its own URLs must be absolute. */
  readonly url?: URL;
}

/**
 * Reads a document from its file or URL; nothing that it refers to is fetched.
 * Headers of the configuration go with the request only where the configured
 * `baseUrl` has the same origin.
 *
 * @throws {UpstreamError} `missing`, `needs_auth`, `refused`, or what the network did.
 */
export async function loadDocument(
  config: OpenApiConfig,
  signal: AbortSignal,
): Promise<LoadedDocument> {
  const isRemote = /^https?:/i.test(config.document);
  const { bytes, url } = isRemote
    ? await fetchDocument(config, signal)
    : { bytes: await readFile(config.document), url: undefined };
  const text = new TextDecoder().decode(bytes);
  return { ...parseDocument(text), ...(url !== undefined && { url }) };
}

async function readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (cause) {
    const state = cause instanceof Deno.errors.NotFound ? "is not there" : "cannot be read";
    throw new UpstreamError("missing", `its document ${state}`, { cause });
  }
  try {
    return await readBytes(file.readable, maxBytes, "its document");
  } catch (cause) {
    if (cause instanceof UpstreamError) throw cause;
    throw new UpstreamError("missing", "its document cannot be read", { cause });
  }
}

async function fetchDocument(
  config: OpenApiConfig,
  signal: AbortSignal,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; url: URL }> {
  const url = reachUrl(config.document, "configured");
  if (typeof url === "string") throw new UpstreamError("missing", `${url} (document)`);
  const isOwn = config.baseUrl !== undefined && URL.parse(config.baseUrl)?.origin === url.origin;
  const headers = new Headers(isOwn ? config.headers : {});
  if (!headers.has("accept")) {
    headers.set("accept", "application/json, application/yaml, */*;q=0.5");
  }
  const mayFollow = (to: URL) => typeof reachUrl(to.href, "declared", url) !== "string";
  const response = await followRedirects({ url, method: "GET", headers }, mayFollow, signal);
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw refusal(response.status, isOwn);
  }
  return { bytes: await readBytes(response.body, maxBytes, "its document"), url };
}

function refusal(status: number, isOwn: boolean): UpstreamError {
  if (status !== 401 && status !== 403) {
    return new UpstreamError("refused", `HTTP status ${status} for its document`, { status });
  }
  const remark = isOwn ? "" : "; headers go there only if its baseUrl has the same origin";
  return new UpstreamError("needs_auth", `HTTP status ${status} for its document${remark}`, {
    status,
  });
}
