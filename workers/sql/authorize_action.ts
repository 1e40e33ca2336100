/** What statements may do, as SQLite asks it while it reads them: what is not listed is refused. @module */

/** SQLite's codes of actions (`sqlite3.h`), those that statements may take. */
const actions = {
  createIndex: 1,
  createTable: 2,
  createTrigger: 7,
  createView: 8,
  delete: 9,
  dropIndex: 10,
  dropTable: 11,
  dropTrigger: 16,
  dropView: 17,
  insert: 18,
  pragma: 19,
  read: 20,
  select: 21,
  update: 23,
  alterTable: 26,
  reindex: 27,
  analyze: 28,
  createVirtualTable: 29,
  dropVirtualTable: 30,
  function: 31,
  recursive: 33,
} as const;
const allowed: ReadonlySet<number> = new Set(Object.values(actions));

/** Why other actions are refused, where there is more to say. */
const refusals: ReadonlyMap<number, string> = new Map([
  ...[3, 4, 5, 6].map((code) =>
    [code, "there are no temporary tables: they would not last"] as const
  ),
  [22, "the statements of one call are one transaction already: leave out BEGIN and COMMIT"],
  [32, "the statements of one call are one transaction already: leave out SAVEPOINT"],
  [24, "no other database can be attached"],
  [25, "no other database can be attached"],
]);

/** They tell about the database and change nothing; `foreign_keys` has no effect in a transaction; FTS5 asks for `data_version`. */
const pragmas = new Set(
  ("table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list " +
    "foreign_key_check integrity_check quick_check foreign_keys function_list data_version").split(
      " ",
    ),
);
const virtualTables = new Set(["fts5", "fts5vocab", "rtree", "rtree_i32"]);
const refusedFunctions = new Set(["load_extension", "fts3_tokenizer", "sqlite_compileoption_get"]);

/** Actions that change rows of the table they name. */
const rowChanges: ReadonlySet<number> = new Set([actions.insert, actions.update, actions.delete]);

/** One action, as SQLite names it. */
export interface SqlAction {
  code: number;
  first: string | null;
  second: string | null;
}

/** Why an action is refused; `undefined` where it is not. */
export function refusalOf({ code, first, second }: SqlAction): string | undefined {
  if (!allowed.has(code)) return refusals.get(code) ?? "it is not allowed here";
  const name = `${first ?? ""}`.toLowerCase();
  const other = `${second ?? ""}`.toLowerCase();
  if (code === actions.pragma && !pragmas.has(name)) return `PRAGMA ${name} is not allowed`;
  if (code === actions.createVirtualTable && !virtualTables.has(other)) {
    return `there is no module "${other}"`;
  }
  if (code === actions.function && refusedFunctions.has(other)) {
    return `there is no function "${other}"`;
  }
  return undefined;
}

/** The table whose rows an action changes; `undefined` where it changes none but SQLite's own. */
export function changedTable({ code, first }: SqlAction): string | undefined {
  if (!rowChanges.has(code) || first === null || first === "sqlite_master") return undefined;
  return first;
}
