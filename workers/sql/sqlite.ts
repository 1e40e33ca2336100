/** SQLite, taken before anything else runs: the import map refuses its name. @module */

import type { DatabaseSync } from "node:sqlite";

/** What is there and the platform's own types leave out. */
declare module "node:sqlite" {
  interface DatabaseSyncOptions {
    limits?: Record<string, number>;
  }
  interface DatabaseSync {
    /** Asked about each action of a statement as it is prepared; 0 lets it pass, 1 refuses. */
    setAuthorizer(
      authorize: (code: number, first: string | null, second: string | null) => number,
    ): void;
  }
  interface StatementSync {
    /** Rows as arrays, so that no column hides another of its name. */
    setReturnArrays(enabled: boolean): void;
  }
}

const sqlite = process.getBuiltinModule("node:sqlite");

/** Bytes of a page, as SQLite has it by default. */
const pageBytes = 4_096;
/** Memory that all databases of this process and their queries may take together. */
const heapBytes = 192 * 1024 * 1024;

/** SQLite's own limits, which no statement moves. */
const limits = {
  attach: 0,
  length: 4 * 1024 * 1024,
  sqlLength: 400_000,
  column: 500,
  exprDepth: 200,
  compoundSelect: 200,
  vdbeOp: 100_000,
  functionArg: 127,
  likePatternLength: 1_000,
  variableNumber: 5_000,
  triggerDepth: 20,
};

/** An empty database in memory. */
export function createDatabase(): DatabaseSync {
  return new sqlite.DatabaseSync(":memory:", { limits, allowExtension: false });
}

/** Sets what a database in memory is held to; a snapshot that is read in takes it away. */
export function boundDatabase(db: DatabaseSync, maxBytes: number): void {
  db.exec(`PRAGMA max_page_count = ${Math.floor(maxBytes / pageBytes)}`);
  // Without this SQLite sorts in temporary files, which no permission of Deno keeps it from.
  db.exec("PRAGMA temp_store = MEMORY");
  db.exec(`PRAGMA hard_heap_limit = ${heapBytes}`);
  db.exec("PRAGMA foreign_keys = ON");
}

/** Bytes of a database. */
export function databaseBytes(db: DatabaseSync): number {
  return Number(db.prepare("PRAGMA page_count").get()?.page_count) * pageBytes;
}
