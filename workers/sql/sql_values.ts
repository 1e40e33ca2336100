/** Values on their way between JSON and SQLite. @module */

import type { SqlParam, SqlParams } from "../../src/protocol/sql_messages.ts";

/** What SQLite takes and gives. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** A parameter for SQLite: whole numbers are integers, `true` and `false` 1 and 0. */
export function toSqlValue(param: SqlParam): SqlValue {
  if (typeof param === "boolean") return param ? 1n : 0n;
  if (typeof param === "number") return Number.isSafeInteger(param) ? BigInt(param) : param;
  if (typeof param === "object" && param !== null) return Uint8Array.fromBase64(param.base64);
  return param;
}

/** Named parameters for SQLite, or those by position. */
export function toSqlValues(params: SqlParams): SqlValue[] | Record<string, SqlValue> {
  if (Array.isArray(params)) return params.map(toSqlValue);
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => [name, toSqlValue(param)]),
  );
}

/** What JSON text has in place of a value: integers it cannot hold are text, bytes are `{ base64 }`. */
export function toJsonValue(value: SqlValue): SqlParam {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : `${value}`;
  }
  return value instanceof Uint8Array ? { base64: value.toBase64() } : value;
}

/** Names of columns, each once: the second `id` is `id_2`. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let n = 2; seen.has(unique) || (unique !== name && taken.has(unique)); n++) {
      unique = `${name}_${n}`;
    }
    seen.add(unique);
    return unique;
  });
}
