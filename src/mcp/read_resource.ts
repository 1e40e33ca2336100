/** Reads resources of servers: finds which server has one, and asks it. @module */

import { z } from "zod";
import { AirlockError } from "../errors/airlock_error.ts";
import { logger } from "../log/log.ts";
import { UpstreamError } from "../servers/upstream_error.ts";
import { anyResult } from "./call_tool.ts";
import type { Connection } from "./open_connection.ts";
import { toUpstreamError } from "./to_upstream_error.ts";
import type { Upstream } from "./upstream.ts";

const log = logger("mcp");

/** Longest that a list of resources is believed, milliseconds. */
const freshMs = 30_000;
/** Most pages of a list, and most items of a page, that are looked at. */
const [maxPages, maxItems] = [16, 10_000];
/** Longest error text of a server that is handed on, in characters. */
const maxErrorChars = 1_024;

/** Options of {@linkcode ResourceReader.read}. */
export interface ReadResourceOptions {
  /** The server that has it. @default {the one that lists it} */
  server?: string;
  /** Servers that may be asked, by their configured keys. */
  servers: readonly string[];
  /** Ends it. */
  signal: AbortSignal;
}

/** What was read, and from whom. */
export interface ReadResource {
  /** The server, by its configured key. */
  server: string;
  /** Its contents: text, or `blob` in base64. */
  contents: ResourceContent[];
}

/** One part of a resource. */
export type ResourceContent = {
  uri: string;
  mimeType?: string;
  text?: string;
  blob?: string;
};

const item = z.looseObject({ uri: z.string() });
const template = z.looseObject({ uriTemplate: z.string() });
const page = z.looseObject({
  resources: z.array(z.unknown()).max(maxItems).optional(),
  resourceTemplates: z.array(z.unknown()).max(maxItems).optional(),
  nextCursor: z.string().max(65_536).nullish(),
});
const answer = z.looseObject({
  contents: z.array(z.object({
    uri: z.string(),
    mimeType: z.string().nullish().transform((type) => type ?? undefined),
    text: z.string().optional(),
    blob: z.string().optional(),
  })).max(maxItems),
});

/** What a server has: exact addresses, and how further ones begin. */
interface ResourceList {
  uris: ReadonlySet<string>;
  prefixes: readonly string[];
  at: number;
}

/** Reads resources of all servers. */
export class ResourceReader {
  readonly #upstreams: ReadonlyMap<string, Upstream>;
  readonly #lists = new WeakMap<Connection, Promise<ResourceList>>();

  /** Asks nobody yet. */
  constructor(upstreams: ReadonlyMap<string, Upstream>) {
    this.#upstreams = upstreams;
  }

  /**
   * Reads a resource.
   *
   * @throws {AirlockError} `tool_denied` where the named server may not be
   * asked; `tool_failed` where none has it, several do, or it cannot be read.
   */
  async read(uri: string, options: ReadResourceOptions): Promise<ReadResource> {
    const { server, servers, signal } = options;
    if (server !== undefined && !servers.includes(server)) {
      const state = `no tool of server "${server}" may be called`;
      throw new AirlockError("tool_denied", `Cannot read "${uri}": ${state}`);
    }
    const upstream = this.#upstreams.get(server ?? await this.#find(uri, servers, signal));
    if (upstream === undefined) throw cannotRead(uri, `server "${server}" has no resources`);
    try {
      const { client } = await upstream.connected(signal);
      const request = { method: "resources/read", params: { uri } };
      const timeout = upstream.config.callTimeoutMs;
      const result = await client.request(request, anyResult, { signal, timeout });
      return { server: upstream.config.name, contents: contentsOf(result, upstream) };
    } catch (error) {
      throw cannotRead(uri, upstream.toWords(toUpstreamError(error).message, maxErrorChars));
    }
  }

  /** The one server that lists an address, or whose templates could make it. */
  async #find(uri: string, servers: readonly string[], signal: AbortSignal): Promise<string> {
    const lists = await Promise.all(servers.map(async (server) => ({
      server,
      list: await this.#listOf(server, signal),
    })));
    const exact = lists.filter(({ list }) => list?.uris.has(uri));
    const alike = lists.filter(({ list }) =>
      list?.prefixes.some((prefix) => uri.startsWith(prefix))
    );
    const found = exact.length > 0 ? exact : alike;
    const [first, ...others] = found;
    if (first !== undefined && others.length === 0) return first.server;
    throw cannotRead(
      uri,
      first === undefined ? "no server lists it" : "more than one server lists it",
      "Name the server: tools.resource(uri, { server })",
    );
  }

  /** A server's list; `undefined` where there is none to be had now. */
  async #listOf(server: string, signal: AbortSignal): Promise<ResourceList | undefined> {
    const upstream = this.#upstreams.get(server);
    if (upstream === undefined || upstream.state.state === "failed") return undefined;
    try {
      const connection = await upstream.connected(signal);
      const known = await this.#lists.get(connection);
      if (known !== undefined && performance.now() - known.at < freshMs) return known;
      const reading = readList(connection, upstream.config.connectTimeoutMs, signal);
      this.#lists.set(connection, reading);
      reading.catch(() => this.#lists.delete(connection));
      return await reading;
    } catch (error) {
      // One server that cannot say what it has does not hide what others have.
      const reason = upstream.toWords(toUpstreamError(error).message, maxErrorChars);
      log.info("resources not listed", { server, reason });
      return undefined;
    }
  }
}

async function readList(
  { client }: Connection,
  timeout: number,
  signal: AbortSignal,
): Promise<ResourceList> {
  const uris = new Set<string>();
  const prefixes: string[] = [];
  const at = performance.now();
  if (client.getServerCapabilities()?.resources === undefined) return { uris, prefixes, at };
  for (const method of ["resources/list", "resources/templates/list"]) {
    let cursor: string | undefined;
    for (let pages = 0; pages < maxPages; pages++) {
      const params = cursor === undefined ? {} : { cursor };
      const found = await client.request({ method, params }, page, { signal, timeout });
      for (const raw of found.resources ?? []) {
        const { uri } = item.safeParse(raw).data ?? {};
        if (uri !== undefined) uris.add(uri);
      }
      prefixes.push(...(found.resourceTemplates ?? []).flatMap(prefixOf));
      if (typeof found.nextCursor !== "string") break;
      cursor = found.nextCursor;
    }
  }
  return { uris, prefixes, at };
}

/** What stands before the first variable, with its scheme at least: a template that could be all matches nothing. */
function prefixOf(raw: unknown): string[] {
  const { uriTemplate = "" } = template.safeParse(raw).data ?? {};
  const prefix = uriTemplate.split("{", 1)[0];
  return /^[a-z][a-z0-9+.-]*:/i.test(prefix) ? [prefix] : [];
}

function contentsOf(result: unknown, { secrets }: Upstream): ResourceContent[] {
  const parsed = answer.safeParse(result);
  if (!parsed.success) throw new UpstreamError("refused", "its answer is not a resource");
  return parsed.data.contents.map(({ uri, mimeType, text, blob }) => ({
    uri: secrets.hide(uri),
    ...(mimeType !== undefined && { mimeType: secrets.hide(mimeType) }),
    ...(text !== undefined && { text: secrets.hide(text) }),
    ...(blob !== undefined && { blob }),
  }));
}

function cannotRead(uri: string, state: string, hint?: string): AirlockError {
  return new AirlockError("tool_failed", `Cannot read "${uri.slice(0, 1_024)}": ${state}`, {
    hint,
  });
}
