/** Agents' private databases: SQL that runs elsewhere, kept in KV before it is acknowledged. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import type { Json } from "../protocol/json.ts";
import type { SqlMessage, SqlParams } from "../protocol/sql_messages.ts";
import { OwnerTurns } from "./owner_turns.ts";
import type { SqlEngine } from "./sql_engine.ts";
import { type Fence, type KeptDatabase, needsSnapshot, SqlLog } from "./sql_log.ts";

/** What is to be run: one or several statements, in one transaction. */
export interface SqlStatement {
  /** SQLite's SQL, at most 100,000 characters. */
  sql: string;
  /** By position for a single statement, by name for any number. @default {none} */
  params?: SqlParams;
}

/** What the last statement gave. */
export interface SqlAnswer {
  /** Names of its columns, each once: the second `id` is `id_2`. */
  columns: string[];
  /** Its rows, at most 10,000; integers beyond 2^53 are text, bytes are `{ base64 }`. */
  rows: Record<string, Json>[];
  /** Rows that all statements together inserted, updated and deleted. */
  changes: number;
}

/** Options of {@linkcode SqlDatabases.query}. */
export interface SqlQueryOptions {
  /** Ends the waiting for a turn; what has begun is brought to its end. */
  signal?: AbortSignal;
  /** Adds checks to every commit. @default {none} */
  fence?: Fence;
}

/** What {@linkcode SqlDatabases} needs. */
export interface SqlDatabasesDeps {
  /** Where databases are kept. */
  kv: Deno.Kv;
  /** Where statements run; each owner has one of them. */
  engines: readonly SqlEngine[];
  /** Called when all engines have ended. @default {nothing} */
  onDisposed?: () => Promise<void>;
}

/** Another server may change the same database: a query is tried so often. */
const maxTries = 20;

/** The databases of all owners; each sees its own alone. */
export class SqlDatabases implements AsyncDisposable {
  readonly #log: SqlLog;
  readonly #engines: readonly SqlEngine[];
  readonly #onDisposed: (() => Promise<void>) | undefined;
  readonly #turns = new OwnerTurns();

  /** Those that lie in a KV. */
  constructor({ kv, engines, onDisposed }: SqlDatabasesDeps) {
    this.#log = new SqlLog(kv);
    this.#engines = engines;
    this.#onDisposed = onDisposed;
  }

  /**
   * Runs statements in one transaction: all of them or none. What they changed
   * is kept when this resolves.
   *
   * @throws {AirlockError} `tool_failed` with SQLite's words, or where it takes
   * too long or too much; `invalid_arguments` for parameters that do not fit;
   * `outcome_unknown` where KV failed; `conflict` where the fence did not hold.
   */
  query(owner: string, statement: SqlStatement, options: SqlQueryOptions = {}): Promise<SqlAnswer> {
    const { signal, fence } = options;
    return this.#turns.take(owner, async () => {
      for (let tries = 0; tries < maxTries; tries++) {
        signal?.throwIfAborted();
        const answer = await this.#tryQuery(owner, statement, fence);
        if (answer !== undefined) return answer;
      }
      throw new AirlockError("tool_failed", "Cannot run SQL: others change the database too");
    });
  }

  /** Forgets an owner's database. */
  deleteAll(owner: string): Promise<void> {
    return this.#turns.take(owner, async () => {
      await this.#log.delete(owner);
      this.#engineOf(owner).forget(owner);
    });
  }

  /** Ends the processes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine[Symbol.asyncDispose]()));
    await this.#onDisposed?.();
  }

  /** `undefined` where the database changed meanwhile, or was not there any more. */
  async #tryQuery(
    owner: string,
    { sql, params }: SqlStatement,
    fence: Fence | undefined,
  ): Promise<SqlAnswer | undefined> {
    const engine = this.#engineOf(owner);
    const kept = await this.#log.find(owner);
    if (!await this.#open(owner, kept)) return undefined;
    const snapshot = needsSnapshot(kept);
    const message = await engine.ask({ type: "query", db: owner, sql, params, snapshot });
    const answered = expectAnswer(message);
    if (answered === undefined) return undefined;
    const { columns, rows, changes, size, written } = answered;
    if (written === undefined) engine.keep(owner, kept.version, size);
    else {
      const version = await this.#write(owner, kept, written, fence);
      if (version === undefined) return undefined;
      engine.keep(owner, version, size);
    }
    return { columns, rows, changes };
  }

  async #open(owner: string, kept: KeptDatabase): Promise<boolean> {
    const engine = this.#engineOf(owner);
    if (engine.holds(owner, kept.version)) return true;
    const loaded = await this.#log.load(owner, kept);
    if (loaded === undefined) return false;
    const { snapshot, changesets } = loaded;
    const message = await engine.ask({
      type: "open",
      db: owner,
      snapshot: snapshot?.toBase64(),
      changesets: changesets.map((changeset) => changeset.toBase64()),
    });
    if (typeof message === "string" || message.type !== "opened") {
      throw new AirlockError("tool_failed", "Cannot run SQL: the database cannot be loaded");
    }
    engine.keep(owner, kept.version, message.size);
    return true;
  }

  /** The new version; `undefined` where the database changed meanwhile. What is in memory goes then. */
  async #write(
    owner: string,
    kept: KeptDatabase,
    written: NonNullable<Answered["written"]>,
    fence: Fence | undefined,
  ): Promise<string | undefined> {
    try {
      const version = await this.#log.write(owner, kept, written, fence);
      if (version !== undefined) return version;
    } catch (cause) {
      this.#engineOf(owner).forget(owner);
      const message = "Cannot tell what became of the SQL: its changes could not be stored";
      throw new AirlockError("outcome_unknown", message, { cause });
    }
    this.#engineOf(owner).forget(owner);
    const now = await this.#log.find(owner);
    if (now.version !== kept.version) return undefined;
    throw new AirlockError("conflict", "Cannot run SQL: another server has taken the agent over");
  }

  #engineOf(owner: string): SqlEngine {
    let sum = 0;
    for (const character of owner) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
    return this.#engines[sum % this.#engines.length];
  }
}

type Answered = Extract<SqlMessage, { type: "answered" }>;

/** `undefined` where the database must be opened again. */
function expectAnswer(message: SqlMessage | "timed_out" | "ended"): Answered | undefined {
  if (message === "timed_out") throw failed("it takes too long: select less, or add an index");
  if (message === "ended") {
    throw failed("its process ended, as it does where a query needs too much memory");
  }
  switch (message.type) {
    case "answered":
      return message;
    case "unknown":
      return undefined;
    case "refused":
      throw new AirlockError(message.code, `Cannot run SQL: ${message.message}`);
    default:
      throw new TypeError(`Cannot run SQL: the process says "${message.type}"`);
  }
}

function failed(state: string): AirlockError {
  return new AirlockError("tool_failed", `Cannot run SQL: ${state}`);
}
