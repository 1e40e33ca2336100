/** All tools, by name. @module */

import { hashJson } from "../hashing/hash_json.ts";
import { assignIdentifiers, identifierOf } from "./names.ts";
import { reservedNames } from "./reserved_names.ts";
import type { JsonSchema, ListedTool, Tool } from "./tool.ts";

/** The catalog as it was at one moment; never changes. A run keeps the one it began with. */
export interface CatalogSnapshot {
  /** Grows with each change. */
  readonly revision: number;
  /** In order of name (code units). */
  readonly tools: readonly Tool[];
  /** Servers that bring tools. */
  readonly servers: readonly { readonly name: string; readonly namespace: string }[];
  /**
   * Finds a tool by the name code uses or by `server.originalTool`; either
   * half in either form. A text that fits several tools finds none, unless it
   * is the name code uses.
   */
  find(name: string): Tool | undefined;
}

/** Options of a {@linkcode Catalog}. */
export interface CatalogOptions {
  /** Names that servers and tools may not have, beside those of the guest. @default {[]} */
  reserved?: readonly string[];
  /** Form of the answers that a tool, named by its hash, has given so far. @default {none is known} */
  observed?: (server: string, hash: string) => JsonSchema | undefined;
}

/** Holds the tools of all servers and names them as `API.md` section 4 says. */
export class Catalog {
  readonly #reserved: ReadonlySet<string>;
  readonly #observed: NonNullable<CatalogOptions["observed"]>;
  readonly #listed = new Map<string, readonly ListedTool[]>();
  readonly #listeners = new Set<(snapshot: CatalogSnapshot) => void>();
  #tools = new Map<string, readonly Tool[]>();
  #snapshot: CatalogSnapshot = takeSnapshot(0, new Map());

  /** An empty catalog. */
  constructor({ reserved = [], observed = () => undefined }: CatalogOptions = {}) {
    this.#reserved = new Set([...reservedNames, ...reserved]);
    this.#observed = observed;
  }

  /**
   * Replaces all tools of a server. Tools that did not change stay the same
   * objects. Of two tools with one name the first is kept.
   */
  setServer(server: string, tools: readonly ListedTool[]): void {
    this.#listed.set(server, tools);
    this.#rename(server);
  }

  /** Forgets a server. */
  removeServer(server: string): void {
    if (this.#listed.delete(server)) this.#rename(server);
  }

  /** Takes up what was observed of a server's tool since it was listed. */
  refreshObserved(server: string, hash: string): void {
    const known = this.#tools.get(server);
    if (known === undefined || !known.some((tool) => tool.hash === hash)) return;
    const refreshed = known.map((tool) =>
      tool.hash === hash ? Object.freeze({ ...tool, observed: this.#observed(server, hash) }) : tool
    );
    this.#tools = new Map(this.#tools).set(server, refreshed);
    this.#publish();
  }

  /** The catalog as it is now. */
  snapshot(): CatalogSnapshot {
    return this.#snapshot;
  }

  /** Tells of each change; gives a function that ends it. */
  onChange(listener: (snapshot: CatalogSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Names everything again where a server changed: its arrival can change how others are named. */
  #rename(changed: string): void {
    const namespaces = assignIdentifiers(this.#listed.keys(), this.#reserved);
    const before = this.#tools;
    this.#tools = new Map();
    for (const [server, namespace] of namespaces) {
      const known = before.get(server) ?? [];
      const isSame = server !== changed && known.every((tool) => tool.namespace === namespace);
      const listed = this.#listed.get(server) ?? [];
      this.#tools.set(
        server,
        isSame ? known : this.#nameTools({ name: server, namespace }, listed, known),
      );
    }
    if (!isUnchanged(before, this.#tools)) this.#publish();
  }

  #publish(): void {
    this.#snapshot = takeSnapshot(this.#snapshot.revision + 1, this.#tools);
    for (const listener of this.#listeners) listener(this.#snapshot);
  }

  #nameTools(
    server: { name: string; namespace: string },
    listed: readonly ListedTool[],
    known: readonly Tool[],
  ): readonly Tool[] {
    const byName = new Map<string, ListedTool>();
    for (const tool of listed) if (!byName.has(tool.name)) byName.set(tool.name, tool);
    const members = assignIdentifiers(byName.keys(), this.#reserved);
    const knownByText = new Map(known.map((tool) => [JSON.stringify(tool), tool]));
    return Array.from(byName.values(), (original) => {
      const member = members.get(original.name) ?? identifierOf(original.name, this.#reserved);
      const hash = hashTool(original);
      const observed = this.#observed(server.name, hash);
      const tool: Tool = Object.freeze({
        ...original,
        name: `${server.namespace}.${member}`,
        server: server.name,
        tool: original.name,
        namespace: server.namespace,
        member,
        hash,
        ...(observed !== undefined && { observed }),
      });
      return known.length === 0 ? tool : knownByText.get(JSON.stringify(tool)) ?? tool;
    });
  }
}

function isUnchanged(
  before: ReadonlyMap<string, readonly Tool[]>,
  after: ReadonlyMap<string, readonly Tool[]>,
): boolean {
  if (before.size !== after.size) return false;
  for (const [server, tools] of after) {
    const old = before.get(server);
    if (old?.length !== tools.length || tools.some((tool, i) => tool !== old[i])) return false;
  }
  return true;
}

/** `Tool.hash`: of `{name, description, inputSchema, outputSchema}` as listed. */
export function hashTool({ name, description, inputSchema, outputSchema }: ListedTool): string {
  return hashJson({ name, description, inputSchema, outputSchema });
}

function takeSnapshot(
  revision: number,
  byServer: ReadonlyMap<string, readonly Tool[]>,
): CatalogSnapshot {
  const filled = [...byServer.values()].filter((tools) => tools.length > 0);
  const tools = filled.flat().sort((a, b) => a.name < b.name ? -1 : 1);
  const servers = filled.map(([{ server, namespace }]) => ({ name: server, namespace }))
    .sort((a, b) => a.namespace < b.namespace ? -1 : 1);
  let index: Map<string, Tool | undefined> | undefined;
  const find = (name: string) => (index ??= indexNames(tools)).get(name);
  return Object.freeze({ revision, tools, servers, find });
}

/** A text that could mean several tools means none, so that no server can answer for another. */
function indexNames(tools: readonly Tool[]): Map<string, Tool | undefined> {
  const index = new Map<string, Tool | undefined>();
  for (const tool of tools) {
    const forms = new Set([
      `${tool.server}.${tool.tool}`,
      `${tool.server}.${tool.member}`,
      `${tool.namespace}.${tool.tool}`,
    ]);
    for (const form of forms) index.set(form, index.has(form) ? undefined : tool);
  }
  for (const tool of tools) index.set(tool.name, tool);
  return index;
}
