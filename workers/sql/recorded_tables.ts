/**
 * Which changes SQLite's sessions record. They leave out tables without a
 * primary key, rows with NULL in it, virtual tables and generated columns, and
 * replay triggers twice: after such a change the whole database is kept. @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";

/** `hidden` of columns whose values are computed. */
const generated: ReadonlySet<unknown> = new Set([2, 3]);

/** The tables of a database as its schema was when this was made. */
export class RecordedTables {
  /** Tables whose changes are recorded, with what finds a row that is not. */
  readonly #recorded = new Map<string, StatementSync | undefined>();
  /** Tables that held such a row when they were last looked at. */
  readonly #withNullKeys = new Set<string>();

  /** Reads the schema. */
  constructor(db: DatabaseSync) {
    const triggers = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'trigger' LIMIT 1");
    if (triggers.get() !== undefined) return;
    const tables = db.prepare(
      "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'",
    );
    for (const { name, wr } of tables.all()) this.#add(db, `${name}`, wr === 1);
  }

  /** Whether all changes of these tables since the last call were recorded. */
  areRecorded(tables: Iterable<string>): boolean {
    return [...tables].map((table) => this.#isRecorded(table)).every((recorded) => recorded);
  }

  #add(db: DatabaseSync, table: string, isWithoutRowid: boolean): void {
    const columns = db.prepare('SELECT name, "notnull", pk, hidden FROM pragma_table_xinfo(?)')
      .all(table);
    const key = columns.filter(({ pk }) => pk !== 0);
    if (key.length === 0 || columns.some(({ hidden }) => generated.has(hidden))) return;
    const nullable = isWithoutRowid ? [] : key.filter(({ notnull }) => notnull === 0);
    this.#recorded.set(table, undefined);
    if (nullable.length === 0) return;
    const conditions = nullable.map(({ name }) => `${quote(`${name}`)} IS NULL`).join(" OR ");
    const nullKeys = db.prepare(`SELECT 1 FROM ${quote(table)} WHERE ${conditions} LIMIT 1`);
    this.#recorded.set(table, nullKeys);
    if (nullKeys.get() !== undefined) this.#withNullKeys.add(table);
  }

  #isRecorded(table: string): boolean {
    if (!this.#recorded.has(table)) return false;
    const hadNullKeys = this.#withNullKeys.delete(table);
    const hasNullKeys = this.#recorded.get(table)?.get() !== undefined;
    if (hasNullKeys) this.#withNullKeys.add(table);
    return !hadNullKeys && !hasNullKeys;
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
