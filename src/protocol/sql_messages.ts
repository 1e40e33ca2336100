/**
 * The contract between server and the process that runs agents' SQL. That
 * process is fed hostile SQL: what it says is hostile until
 * `sql/parse_sql_message.ts` has read it. @module
 */

import type { Json } from "./json.ts";

/** A value of a parameter: what JSON has, and `{ base64 }` for bytes. */
export type SqlParam = null | boolean | number | string | { base64: string };

/** By position, or by name with or without `:`, `@` or `$`. */
export type SqlParams = SqlParam[] | { [name: string]: SqlParam };

/** Gzipped bytes of the largest set of changes; beyond it a snapshot is written. */
export const maxChangesetBytes = 48 * 1024;

/** Bytes of the largest database. */
export const maxDatabaseBytes = 32 * 1024 * 1024;

/** Server to process. Requests are answered in order. */
export type SqlRequest =
  /** Puts a database where there may be another; bytes are gzipped, in base64. */
  | { type: "open"; db: string; snapshot?: string; changesets: string[] }
  /** Runs statements in one transaction; with `snapshot` a change is given as the whole database. */
  | { type: "query"; db: string; sql: string; params?: SqlParams; snapshot: boolean }
  /** Forgets a database; has no answer. */
  | { type: "close"; db: string };

/** What a query changed: all that must be kept so that it is there again. */
export interface SqlWritten {
  /** Changes since the last query, or the whole database. */
  kind: "changes" | "snapshot";
  /** Gzipped, in base64. */
  bytes: string;
}

/** Process to server. */
export type SqlMessage =
  /** It can be asked. */
  | { type: "ready" }
  | { type: "opened"; size: number }
  | {
    type: "answered";
    columns: string[];
    rows: { [column: string]: Json }[];
    /** Rows inserted, updated and deleted by the statements themselves. */
    changes: number;
    /** Bytes of the database. */
    size: number;
    /** @default {nothing changed} */
    written?: SqlWritten;
  }
  /** Nothing was changed. */
  | { type: "refused"; code: "invalid_arguments" | "tool_failed"; message: string }
  /** There is no database of this name here: it must be opened. */
  | { type: "unknown" };
