/** One database: loaded, asked, and what it must be kept by. @module */

import type { DatabaseSync } from "node:sqlite";
import {
  maxChangesetBytes,
  maxDatabaseBytes,
  type SqlMessage,
  type SqlParams,
  type SqlWritten,
} from "../../src/protocol/sql_messages.ts";
import { Guard } from "./guard.ts";
import { RecordedTables } from "./recorded_tables.ts";
import { runStatements } from "./run_statements.ts";
import { refusedMessage } from "./sql_fault.ts";
import { boundDatabase, createDatabase, databaseBytes } from "./sqlite.ts";

const { gunzipSync, gzipSync } = process.getBuiltinModule("node:zlib");

/** What statements are run with. */
export interface DatabaseQuery {
  sql: string;
  params?: SqlParams;
  /** Whether a change is given as the whole database. */
  snapshot: boolean;
}

/** Tells whether anything changed, and whether that was the schema. */
interface DatabaseState {
  schema: unknown;
  changes: unknown;
}

/** A database in memory. */
export class Database implements Disposable {
  readonly #db: DatabaseSync;
  readonly #guard: Guard;
  #recorded: RecordedTables;

  /**
   * Loads a database as it was kept, each part gzipped.
   *
   * @throws {Error} Where the bytes are damaged.
   */
  constructor(snapshot: Uint8Array | undefined, changesets: readonly Uint8Array[]) {
    this.#db = createDatabase();
    if (snapshot !== undefined) this.#db.deserialize(gunzipSync(snapshot));
    // What a foreign key did is among the changes: it must not do it again.
    this.#db.exec("PRAGMA foreign_keys = OFF");
    for (const changeset of changesets) {
      if (!this.#db.applyChangeset(gunzipSync(changeset))) {
        throw new TypeError("Cannot load a database: its changes do not fit");
      }
    }
    boundDatabase(this.#db, maxDatabaseBytes);
    this.#guard = new Guard(this.#db);
    this.#recorded = new RecordedTables(this.#db);
  }

  /** Bytes it takes. */
  get size(): number {
    return databaseBytes(this.#db);
  }

  /** Runs statements in one transaction: all of them or none. */
  query({ sql, params, snapshot }: DatabaseQuery): SqlMessage {
    const changed = new Set<string>();
    const before = this.#state();
    const session = this.#db.createSession();
    try {
      this.#db.exec("BEGIN");
      const answer = runStatements({ db: this.#db, guard: this.#guard, changed }, sql, params);
      this.#db.exec("COMMIT");
      const after = this.#state();
      const changeset = () => session.changeset();
      const written = this.#written({ before, after, changed, changeset, snapshot });
      return { type: "answered", ...answer, size: this.size, written };
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      return refusedMessage(error, this.#guard.refusal);
    } finally {
      session.close();
    }
  }

  /** Forgets it. */
  [Symbol.dispose](): void {
    this.#db.close();
  }

  #state(): DatabaseState {
    const schema = this.#db.prepare("PRAGMA schema_version").get()?.schema_version;
    const changes = this.#db.prepare("SELECT total_changes() AS n").get()?.n;
    return { schema, changes };
  }

  #written(query: FinishedQuery): SqlWritten | undefined {
    const { before, after, changed, changeset, snapshot } = query;
    const hasNewSchema = before.schema !== after.schema;
    if (hasNewSchema) this.#recorded = new RecordedTables(this.#db);
    else if (before.changes === after.changes) return undefined;
    const areRecorded = this.#recorded.areRecorded(changed);
    if (hasNewSchema || !areRecorded || snapshot) return this.#snapshot();
    const bytes = changeset();
    if (bytes.length === 0) return undefined;
    const packed = gzipSync(bytes);
    if (packed.length > maxChangesetBytes) return this.#snapshot();
    return { kind: "changes", bytes: packed.toBase64() };
  }

  #snapshot(): SqlWritten {
    const packed = gzipSync(this.#db.serialize(), { level: 1 });
    return { kind: "snapshot", bytes: packed.toBase64() };
  }
}

/** A query that was committed. */
interface FinishedQuery {
  before: DatabaseState;
  after: DatabaseState;
  changed: Set<string>;
  changeset(): Uint8Array;
  snapshot: boolean;
}
