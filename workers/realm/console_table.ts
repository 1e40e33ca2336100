/** `console.table`: rows and columns drawn as text. @module */

import { inspect } from "./inspect.ts";
import { cutName } from "./inspect_text.ts";
import { kindOf } from "./object_kinds.ts";
import {
  arrayJoin,
  arrayPush,
  eachOfMap,
  eachOfSet,
  getOwnPropertyDescriptor,
  isArray,
  mapGet,
  mapSet,
  ownKeys,
  padEnd,
  stringIndexOf,
  stringRepeat,
} from "./primordials.ts";

/** Rows and columns that are drawn. */
const maxRows = 1_000;
const maxColumns = 50;
const maxCellBytes = 200;
const NativeMap = Map;

/** The cells of a row by the names of their columns; `value` where the row is no object. */
interface Row {
  index: string;
  cells: Map<string, string>;
  value: string;
}

/** The table of an array, object, map or set; `undefined` for what has no rows. */
export function tableText(data: unknown, columns?: unknown): string | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  try {
    return drawTable(rowsOf(data), isArray(columns) ? columns : undefined);
  } catch {
    return undefined; // a trap of a proxy threw: it is shown as other values are
  }
}

function rowsOf(data: object): Row[] {
  const rows: Row[] = [];
  const add = (index: string, value: unknown) => {
    arrayPush(rows, toRow(index, value));
    return rows.length < maxRows;
  };
  const kind = kindOf(data);
  if (kind === "map") eachOfMap(data, (key, value) => add(cellText(key), value));
  else if (kind === "set") eachOfSet(data, (value) => add(`${rows.length}`, value));
  else eachProperty(data, maxRows, add);
  return rows;
}

function toRow(index: string, value: unknown): Row {
  const cells = new NativeMap<string, string>();
  if (typeof value !== "object" || value === null) return { index, cells, value: cellText(value) };
  eachProperty(value, maxColumns, (key, cell) => mapSet(cells, key, cellText(cell)));
  return { index, cells, value: "" };
}

/** The enumerable properties whose keys are text; a getter's value is not asked for. */
function eachProperty(
  object: object,
  limit: number,
  visit: (key: string, value: unknown) => void,
): void {
  const keys = ownKeys(object);
  for (let i = 0, seen = 0; i < keys.length && seen < limit; i++) {
    const key = keys[i];
    const property = getOwnPropertyDescriptor(object, key);
    if (typeof key !== "string" || !property?.enumerable) continue;
    seen++;
    visit(key, property.get === undefined ? property.value : "[Getter]");
  }
}

/** A value on one line. */
function cellText(value: unknown): string {
  const text = inspect(value, { maxBytes: maxCellBytes, depth: 0 });
  return stringIndexOf(text, "\n") < 0 ? text : cutName(text);
}

function drawTable(rows: Row[], wanted: readonly unknown[] | undefined): string {
  const names = wanted === undefined ? columnsOf(rows) : namesOf(wanted);
  const table: string[][] = [["(idx)"]];
  for (let i = 0; i < names.length; i++) arrayPush(table[0], names[i]);
  const hasValues = wanted === undefined && holdsValues(rows);
  if (hasValues) arrayPush(table[0], "Values");
  for (let i = 0; i < rows.length; i++) {
    const { index, cells, value } = rows[i];
    const line = [index];
    for (let j = 0; j < names.length; j++) arrayPush(line, mapGet(cells, names[j]) ?? "");
    if (hasValues) arrayPush(line, value);
    arrayPush(table, line);
  }
  return drawLines(table);
}

function namesOf(wanted: readonly unknown[]): string[] {
  const names: string[] = [];
  for (let i = 0; i < wanted.length && i < maxColumns; i++) arrayPush(names, cellText(wanted[i]));
  return names;
}

function columnsOf(rows: Row[]): string[] {
  const names: string[] = [];
  const seen = new NativeMap<string, true>();
  for (let i = 0; i < rows.length; i++) {
    eachOfMap(rows[i].cells, (name) => {
      if (typeof name !== "string" || mapGet(seen, name)) return true;
      mapSet(seen, name, true);
      arrayPush(names, name);
      return names.length < maxColumns;
    });
  }
  return names;
}

function holdsValues(rows: Row[]): boolean {
  for (let i = 0; i < rows.length; i++) if (rows[i].value !== "") return true;
  return false;
}

function drawLines(table: string[][]): string {
  const widths: number[] = [];
  for (let i = 0; i < table.length; i++) {
    for (let j = 0; j < table[i].length; j++) {
      if (!(table[i][j].length <= widths[j])) widths[j] = table[i][j].length;
    }
  }
  const lines = [rule("┌", "┬", "┐", widths), line(table[0], widths), rule("├", "┼", "┤", widths)];
  for (let i = 1; i < table.length; i++) arrayPush(lines, line(table[i], widths));
  arrayPush(lines, rule("└", "┴", "┘", widths));
  return arrayJoin(lines, "\n");
}

function line(cells: string[], widths: number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < cells.length; i++) arrayPush(parts, ` ${padEnd(cells[i], widths[i])} `);
  return `│${arrayJoin(parts, "│")}│`;
}

function rule(left: string, middle: string, right: string, widths: number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < widths.length; i++) arrayPush(parts, stringRepeat("─", widths[i] + 2));
  return left + arrayJoin(parts, middle) + right;
}
