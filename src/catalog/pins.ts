/** Trusts each tool as it was first seen, and blocks it when its server changes it. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import { logger } from "../log/log.ts";
import { type Catalog, hashTool } from "./catalog.ts";
import {
  acceptPin,
  blockedReason,
  comparePins,
  type PinRecord,
  type ToolChange,
} from "./pin_record.ts";
import { readAllPins, readPins, writePins } from "./pin_store.ts";
import { showHidden } from "./show_hidden.ts";
import type { ListedTool, Tool } from "./tool.ts";
import { diffTools } from "./tool_diff.ts";
import { type VisibleTool, visibleTool } from "./visible_schema.ts";

const log = logger("catalog");

/** So many names are in one line of the log. */
const maxLogged = 20;

/** A change of a tool that waits to be accepted. Nothing in its texts is hidden. */
export interface PendingChange {
  /** `Tool.hash` of the tool as it is now: names the change when it is accepted. */
  hash: string;
  /** What changed, line by line. */
  diff: string;
  /** As it was accepted. @default {it was too large to be kept} */
  before?: VisibleTool;
  /** As its server lists it now. */
  after: VisibleTool;
}

/** Options of {@linkcode Pins.open}. */
export interface PinsOptions {
  /** The clock, milliseconds since 1970. @default {Date.now} */
  now?: () => number;
}

/** What is known about one server. */
interface ServerPins {
  record?: PinRecord;
  /** The record as it lies in KV. */
  stored?: PinRecord;
  /** Version of the stored record. */
  version: string | null;
  /** What the server listed last. */
  listed?: readonly ListedTool[];
  pending: ReadonlyMap<string, ListedTool>;
}

/**
 * Stands between the servers of tools and the catalog. What a server lists
 * first is trusted; an added tool is reported, a removed or renamed one too,
 * and a changed one stays in the catalog as it was, blocked until a person
 * accepts the change.
 */
export class Pins implements AsyncDisposable {
  readonly #kv: Deno.Kv;
  readonly #catalog: Pick<Catalog, "setServer">;
  readonly #now: () => number;
  readonly #servers = new Map<string, ServerPins>();
  #writes: Promise<void> = Promise.resolve();

  private constructor(
    kv: Deno.Kv,
    catalog: Pick<Catalog, "setServer">,
    { now = Date.now }: PinsOptions,
  ) {
    this.#kv = kv;
    this.#catalog = catalog;
    this.#now = now;
  }

  /** Reads what is remembered. */
  static async open(
    kv: Deno.Kv,
    catalog: Pick<Catalog, "setServer">,
    options: PinsOptions = {},
  ): Promise<Pins> {
    const pins = new Pins(kv, catalog, options);
    for (const [server, { record, version }] of await readAllPins(kv)) {
      pins.#servers.set(server, { record, stored: record, version, pending: new Map() });
    }
    return pins;
  }

  /** Takes the list of a server, and hands on to the catalog what may be shown. */
  setServer(server: string, listed: readonly ListedTool[]): void {
    const known: ServerPins = this.#servers.get(server) ?? { version: null, pending: new Map() };
    known.listed = listed;
    this.#servers.set(server, known);
    this.#apply(server, known);
  }

  /** Why a tool cannot be called at this moment, where it cannot. */
  blockedReason({ server, tool }: Tool): string | undefined {
    return this.#servers.get(server)?.pending.has(tool) === true ? blockedReason : undefined;
  }

  /** The change of a tool that waits to be accepted, if there is one. */
  pendingChange({ server, tool }: Tool): PendingChange | undefined {
    const known = this.#servers.get(server);
    const after = known?.pending.get(tool);
    if (after === undefined) return undefined;
    const before = known?.record?.pins.get(tool)?.definition;
    return {
      hash: hashTool(after),
      diff: diffTools(before, after),
      ...(before !== undefined && { before: visibleTool(before) }),
      after: visibleTool(after),
    };
  }

  /** What happened to a server's tools since they were first seen, oldest first. */
  changes(server: string): ToolChange[] {
    const changes = this.#servers.get(server)?.record?.changes ?? [];
    return changes.map(({ tool, to, ...rest }) => ({
      ...rest,
      tool: showHidden(tool),
      ...(to !== undefined && { to: showHidden(to) }),
    }));
  }

  /**
   * Trusts a changed tool as it is now. Resolves when that is stored.
   *
   * @param hash `hash` of the {@linkcode PendingChange} that was looked at.
   * @throws {AirlockError} `conflict` where there is no such change.
   */
  async accept({ server, tool, name }: Tool, hash: string): Promise<void> {
    const known = this.#servers.get(server);
    const after = known?.pending.get(tool);
    if (known?.record === undefined || after === undefined) {
      throw new AirlockError("conflict", `Cannot accept "${name}": no change of it is pending`);
    }
    if (hashTool(after) !== hash) {
      const message = `Cannot accept "${name}": the hash is not that of the pending change`;
      throw new AirlockError("conflict", message);
    }
    known.record = acceptPin(known.record, after, this.#time());
    this.#apply(server, known);
    log.info("changed tool accepted", { tool: name, hash });
    await this.#save(server, known);
    if (known.pending.has(tool)) {
      const message = `Cannot accept "${name}": another instance changed its record meanwhile`;
      throw new AirlockError("conflict", message);
    }
  }

  /** Resolves when everything is stored. */
  async [Symbol.asyncDispose](): Promise<void> {
    let last: Promise<void>;
    do {
      last = this.#writes;
      await last;
    } while (last !== this.#writes);
  }

  /** Holds the last list of a server against what is remembered. */
  #apply(server: string, known: ServerPins): void {
    if (known.listed === undefined) return;
    const { record, tools, pending, found } = comparePins(
      known.record,
      known.listed,
      this.#time(),
    );
    known.record = record;
    known.pending = pending;
    report(server, found);
    this.#catalog.setServer(server, tools);
    this.#save(server, known).catch((error) => log.error("pins not stored", { server, error }));
  }

  /** Writes one after the other; resolves when this record is stored. */
  #save(server: string, known: ServerPins): Promise<void> {
    const saved = this.#writes.then(() => this.#write(server, known));
    // Whoever asked hears of the failure; the next write is tried all the same.
    this.#writes = saved.catch(() => undefined);
    return saved;
  }

  async #write(server: string, known: ServerPins): Promise<void> {
    const { record, version } = known;
    if (record === undefined || record === known.stored) return;
    const written = await writePins(this.#kv, server, record, version);
    if (written !== undefined) {
      known.version = written;
      known.stored = record;
      return;
    }
    const found = await readPins(this.#kv, server);
    known.version = found?.version ?? null;
    known.record = known.stored = found?.record;
    this.#apply(server, known);
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }
}

function report(server: string, found: readonly ToolChange[]): void {
  if (found.length === 0) return;
  const changes = found.slice(0, maxLogged).map(({ kind, tool, to }) =>
    showHidden(`${kind} ${JSON.stringify(tool)}${to === undefined ? "" : ` to "${to}"`}`)
  );
  log.warn("tools of a server changed", { server, count: found.length, changes });
}
