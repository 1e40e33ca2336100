/** Runs the statements of a text; the answer is that of the last one. @module */

import type { DatabaseSync } from "node:sqlite";
import type { SqlParam, SqlParams } from "../../src/protocol/sql_messages.ts";
import type { Guard } from "./guard.ts";
import { nextStatement } from "./next_statement.ts";
import { SqlFault } from "./sql_fault.ts";
import { type SqlValue, toJsonValue, toSqlValues, uniqueNames } from "./sql_values.ts";

/** Rows of one answer. */
const maxRows = 10_000;
/** Characters of one answer's rows as JSON. */
const maxAnswerLength = 4_000_000;

/** What statements gave. */
export interface StatementsAnswer {
  columns: string[];
  rows: { [column: string]: SqlParam }[];
  /** Rows inserted, updated and deleted by the statements themselves. */
  changes: number;
}

/** Where and with what statements run. */
export interface StatementsContext {
  db: DatabaseSync;
  guard: Guard;
  /** Takes the names of tables whose rows may have changed. */
  changed: Set<string>;
}

/**
 * Runs all statements of a text, one after the other. Parameters by position
 * go to a single statement; named ones to each that names them.
 *
 * @throws {SqlFault | Error} Also SQLite's own errors.
 */
export function runStatements(
  context: StatementsContext,
  sql: string,
  params: SqlParams = [],
): StatementsAnswer {
  if (sql.includes("\0")) throw new SqlFault("invalid_arguments", "the SQL holds a NUL");
  assertNamed(sql, params);
  let answer: StatementsAnswer = { columns: [], rows: [], changes: 0 };
  const first = nextStatement(sql, 0);
  if (first === sql.length && hasParams(params)) {
    throw new SqlFault("invalid_arguments", "there is no statement to take parameters");
  }
  for (let at = first; at < sql.length;) {
    const { end, ...found } = runNext(context, { sql, at, isFirst: at === first }, params);
    answer = { ...found, changes: answer.changes + found.changes };
    at = end;
  }
  return answer;
}

/** SQLite takes any name for NULL where several statements share the parameters. */
function assertNamed(sql: string, params: SqlParams): void {
  if (Array.isArray(params)) return;
  for (const name of Object.keys(params)) {
    const bare = name.replace(/^[:@$]/, "");
    if ([":", "@", "$"].some((sign) => sql.includes(sign + bare))) continue;
    throw new SqlFault("invalid_arguments", `there is no place for parameter "${name}"`);
  }
}

interface Place {
  sql: string;
  at: number;
  isFirst: boolean;
}

function runNext(
  { db, guard, changed }: StatementsContext,
  { sql, at, isFirst }: Place,
  params: SqlParams,
): StatementsAnswer & { end: number } {
  const own = new Set<string>();
  const { end, columns, rows } = guard.watch(own, () => {
    const statement = db.prepare(sql.slice(at));
    const end = nextStatement(sql, at + Math.max(1, statement.sourceSQL.length));
    const isOnly = isFirst && end === sql.length;
    if (!isOnly && Array.isArray(params) && hasParams(params)) {
      const message = "several statements take named parameters only, as :name";
      throw new SqlFault("invalid_arguments", message);
    }
    statement.setAllowUnknownNamedParameters(!isOnly);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    const values = toSqlValues(params);
    const rows: unknown[] = Array.isArray(values)
      ? statement.all(...values)
      : statement.all(values);
    return { end, columns: statement.columns().map(({ name }) => name), rows };
  });
  const changes = own.size === 0 ? 0 : Number(db.prepare("SELECT changes() AS n").get()?.n);
  own.forEach((table) => changed.add(table));
  return { end, changes, ...readRows(uniqueNames(columns), rows) };
}

function hasParams(params: SqlParams): boolean {
  return Object.keys(params).length > 0;
}

function readRows(columns: string[], found: unknown[]): Omit<StatementsAnswer, "changes"> {
  if (found.length > maxRows) {
    const message = `there are more than ${maxRows} rows: add a LIMIT`;
    throw new SqlFault("tool_failed", message);
  }
  let length = 0;
  const rows = found.filter(isRow).map((values) => {
    const row = Object.fromEntries(columns.map((name, i) => [name, toJsonValue(values[i])]));
    length += JSON.stringify(row).length;
    if (length > maxAnswerLength) {
      const message = `the rows have more than ${maxAnswerLength} characters: select less`;
      throw new SqlFault("tool_failed", message);
    }
    return row;
  });
  return { columns, rows };
}

function isRow(row: unknown): row is SqlValue[] {
  return Array.isArray(row);
}
