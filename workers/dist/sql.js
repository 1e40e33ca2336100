// ../src/protocol/frames.ts
var FrameError = class extends Error {
  /** Always `FrameError`. */
  name = "FrameError";
};
var headerBytes = 4;
var encoder = new TextEncoder();
function encodeFrame(text) {
  const body = encoder.encode(text);
  const frame = new Uint8Array(headerBytes + body.length);
  new DataView(frame.buffer).setUint32(0, body.length);
  frame.set(body, headerBytes);
  return frame;
}
var FrameReader = class {
  /**
   * Begins between two frames.
   *
   * @param maxBytes Of one frame's text, in UTF-8.
   */
  constructor(maxBytes) {
    this.maxBytes = maxBytes;
  }
  maxBytes;
  #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #header = new Uint8Array(headerBytes);
  #headerFilled = 0;
  #body;
  #bodyFilled = 0;
  /** Whether the stream may end here: no frame has been begun. */
  get isBetweenFrames() {
    return this.#headerFilled === 0;
  }
  /**
   * Takes the next bytes and gives the texts of the frames they complete.
   *
   * @throws {FrameError} Where a frame is empty, too long or not UTF-8.
   */
  *read(bytes) {
    let offset = 0;
    while (offset < bytes.length) {
      if (this.#body === void 0) {
        offset += this.#readHeader(bytes, offset);
        continue;
      }
      const part = bytes.subarray(offset, offset + this.#body.length - this.#bodyFilled);
      this.#body.set(part, this.#bodyFilled);
      this.#bodyFilled += part.length;
      offset += part.length;
      if (this.#bodyFilled === this.#body.length) yield this.#takeText(this.#body);
    }
  }
  #readHeader(bytes, offset) {
    const part = bytes.subarray(offset, offset + headerBytes - this.#headerFilled);
    this.#header.set(part, this.#headerFilled);
    this.#headerFilled += part.length;
    if (this.#headerFilled === headerBytes) {
      const length = new DataView(this.#header.buffer).getUint32(0);
      if (length === 0) throw new FrameError("Cannot read a frame: it is empty");
      if (length > this.maxBytes) {
        throw new FrameError(`Cannot read a frame: ${length} bytes, at most ${this.maxBytes}`);
      }
      this.#body = new Uint8Array(length);
      this.#bodyFilled = 0;
    }
    return part.length;
  }
  #takeText(body) {
    this.#body = void 0;
    this.#headerFilled = 0;
    try {
      return this.#decoder.decode(body);
    } catch (cause) {
      throw new FrameError("Cannot read a frame: it is not UTF-8", { cause });
    }
  }
};

// ../src/protocol/sql_messages.ts
var maxChangesetBytes = 48 * 1024;
var maxDatabaseBytes = 32 * 1024 * 1024;

// sql/authorize_action.ts
var actions = {
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
  recursive: 33
};
var allowed = new Set(Object.values(actions));
var refusals = new Map([
  ...[3, 4, 5, 6].map(
    (code) => [code, "there are no temporary tables: they would not last"]
  ),
  [22, "the statements of one call are one transaction already: leave out BEGIN and COMMIT"],
  [32, "the statements of one call are one transaction already: leave out SAVEPOINT"],
  [24, "no other database can be attached"],
  [25, "no other database can be attached"]
]);
var pragmas = new Set(
  "table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list foreign_key_check integrity_check quick_check foreign_keys function_list data_version".split(
    " "
  )
);
var virtualTables = /* @__PURE__ */ new Set(["fts5", "fts5vocab", "rtree", "rtree_i32"]);
var refusedFunctions = /* @__PURE__ */ new Set(["load_extension", "fts3_tokenizer", "sqlite_compileoption_get"]);
var rowChanges = /* @__PURE__ */ new Set([actions.insert, actions.update, actions.delete]);
function refusalOf({ code, first, second }) {
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
  return void 0;
}
function changedTable({ code, first }) {
  if (!rowChanges.has(code) || first === null || first === "sqlite_master") return void 0;
  return first;
}

// sql/guard.ts
var verdicts = { ok: 0, deny: 1 };
var Guard = class {
  #changed;
  #refusal;
  /** Stands before a database from now on. */
  constructor(db) {
    db.setAuthorizer((code, first, second) => this.#authorize(code, first, second));
  }
  /** Why SQLite refused what was run last; `undefined` where it was not this guard. */
  get refusal() {
    return this.#refusal;
  }
  /** Runs a stranger's statement. Adds the tables whose rows it may change. */
  watch(changed, act) {
    this.#refusal = void 0;
    this.#changed = changed;
    try {
      return act();
    } finally {
      this.#changed = void 0;
    }
  }
  #authorize(code, first, second) {
    if (this.#changed === void 0) return verdicts.ok;
    const action = { code, first, second };
    const table = changedTable(action);
    if (table !== void 0) this.#changed.add(table);
    const refusal = refusalOf(action);
    this.#refusal ??= refusal;
    return refusal === void 0 ? verdicts.ok : verdicts.deny;
  }
};

// sql/recorded_tables.ts
var generated = /* @__PURE__ */ new Set([2, 3]);
var RecordedTables = class {
  /** Tables whose changes are recorded, with what finds a row that is not. */
  #recorded = /* @__PURE__ */ new Map();
  /** Tables that held such a row when they were last looked at. */
  #withNullKeys = /* @__PURE__ */ new Set();
  /** Reads the schema. */
  constructor(db) {
    const triggers = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'trigger' LIMIT 1");
    if (triggers.get() !== void 0) return;
    const tables = db.prepare(
      "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
    );
    for (const { name, wr } of tables.all()) this.#add(db, `${name}`, wr === 1);
  }
  /** Whether all changes of these tables since the last call were recorded. */
  areRecorded(tables) {
    return [...tables].map((table) => this.#isRecorded(table)).every((recorded) => recorded);
  }
  #add(db, table, isWithoutRowid) {
    const columns = db.prepare('SELECT name, "notnull", pk, hidden FROM pragma_table_xinfo(?)').all(table);
    const key = columns.filter(({ pk }) => pk !== 0);
    if (key.length === 0 || columns.some(({ hidden }) => generated.has(hidden))) return;
    const nullable = isWithoutRowid ? [] : key.filter(({ notnull }) => notnull === 0);
    this.#recorded.set(table, void 0);
    if (nullable.length === 0) return;
    const conditions = nullable.map(({ name }) => `${quote(`${name}`)} IS NULL`).join(" OR ");
    const nullKeys = db.prepare(`SELECT 1 FROM ${quote(table)} WHERE ${conditions} LIMIT 1`);
    this.#recorded.set(table, nullKeys);
    if (nullKeys.get() !== void 0) this.#withNullKeys.add(table);
  }
  #isRecorded(table) {
    if (!this.#recorded.has(table)) return false;
    const hadNullKeys = this.#withNullKeys.delete(table);
    const hasNullKeys = this.#recorded.get(table)?.get() !== void 0;
    if (hasNullKeys) this.#withNullKeys.add(table);
    return !hadNullKeys && !hasNullKeys;
  }
};
function quote(name) {
  return `"${name.replaceAll('"', '""')}"`;
}

// sql/next_statement.ts
var blank = /[ \t\n\f\r;\uFEFF]+|--[^\n]*|\/\*[^]*?(?:\*\/|$)/y;
function nextStatement(sql, from) {
  for (let at = from; ; ) {
    blank.lastIndex = at;
    const found = blank.exec(sql);
    if (found === null) return at;
    at += found[0].length;
  }
}

// sql/sql_fault.ts
var maxMessageLength = 500;
var SqlFault = class extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
  code;
};
function refusedMessage(error, refusal) {
  const { code, message } = faultOf(error, refusal);
  return { type: "refused", code, message: message.slice(0, maxMessageLength).toWellFormed() };
}
function faultOf(error, refusal) {
  if (error instanceof SqlFault) return error;
  if (!(error instanceof Error) || !("code" in error)) throw error;
  if (refusal !== void 0) return new SqlFault("tool_failed", refusal);
  const isOfSqlite = error.code === "ERR_SQLITE_ERROR";
  const isOfParams = !isOfSqlite || error.message === "column index out of range";
  return new SqlFault(isOfParams ? "invalid_arguments" : "tool_failed", explain(error.message));
}
function explain(message) {
  switch (message) {
    case "column index out of range":
      return "there are more parameters than places for them";
    case "database or disk is full":
      return "the database is full: delete what is not needed";
    case "out of memory":
      return "it needs too much memory: select or sort less at a time";
    default:
      return message;
  }
}

// sql/sql_values.ts
function toSqlValue(param) {
  if (typeof param === "boolean") return param ? 1n : 0n;
  if (typeof param === "number") return Number.isSafeInteger(param) ? BigInt(param) : param;
  if (typeof param === "object" && param !== null) return Uint8Array.fromBase64(param.base64);
  return param;
}
function toSqlValues(params) {
  if (Array.isArray(params)) return params.map(toSqlValue);
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => [name, toSqlValue(param)])
  );
}
function toJsonValue(value) {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : `${value}`;
  }
  return value instanceof Uint8Array ? { base64: value.toBase64() } : value;
}
function uniqueNames(names) {
  const taken = new Set(names);
  const seen = /* @__PURE__ */ new Set();
  return names.map((name) => {
    let unique = name;
    for (let n = 2; seen.has(unique) || unique !== name && taken.has(unique); n++) {
      unique = `${name}_${n}`;
    }
    seen.add(unique);
    return unique;
  });
}

// sql/run_statements.ts
var maxRows = 1e4;
var maxAnswerLength = 4e6;
function runStatements(context, sql, params = []) {
  if (sql.includes("\0")) throw new SqlFault("invalid_arguments", "the SQL holds a NUL");
  assertNamed(sql, params);
  let answer = { columns: [], rows: [], changes: 0 };
  const first = nextStatement(sql, 0);
  if (first === sql.length && hasParams(params)) {
    throw new SqlFault("invalid_arguments", "there is no statement to take parameters");
  }
  for (let at = first; at < sql.length; ) {
    const { end, ...found } = runNext(context, { sql, at, isFirst: at === first }, params);
    answer = { ...found, changes: answer.changes + found.changes };
    at = end;
  }
  return answer;
}
function assertNamed(sql, params) {
  if (Array.isArray(params)) return;
  for (const name of Object.keys(params)) {
    const bare = name.replace(/^[:@$]/, "");
    if ([":", "@", "$"].some((sign) => sql.includes(sign + bare))) continue;
    throw new SqlFault("invalid_arguments", `there is no place for parameter "${name}"`);
  }
}
function runNext({ db, guard, changed }, { sql, at, isFirst }, params) {
  const own = /* @__PURE__ */ new Set();
  const { end, columns, rows } = guard.watch(own, () => {
    const statement = db.prepare(sql.slice(at));
    const end2 = nextStatement(sql, at + Math.max(1, statement.sourceSQL.length));
    const isOnly = isFirst && end2 === sql.length;
    if (!isOnly && Array.isArray(params) && hasParams(params)) {
      const message = "several statements take named parameters only, as :name";
      throw new SqlFault("invalid_arguments", message);
    }
    statement.setAllowUnknownNamedParameters(!isOnly);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    const values = toSqlValues(params);
    const rows2 = Array.isArray(values) ? statement.all(...values) : statement.all(values);
    return { end: end2, columns: statement.columns().map(({ name }) => name), rows: rows2 };
  });
  const changes = own.size === 0 ? 0 : Number(db.prepare("SELECT changes() AS n").get()?.n);
  own.forEach((table) => changed.add(table));
  return { end, changes, ...readRows(uniqueNames(columns), rows) };
}
function hasParams(params) {
  return Object.keys(params).length > 0;
}
function readRows(columns, found) {
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
function isRow(row) {
  return Array.isArray(row);
}

// sql/sqlite.ts
var sqlite = process.getBuiltinModule("node:sqlite");
var pageBytes = 4096;
var heapBytes = 192 * 1024 * 1024;
var limits = {
  attach: 0,
  length: 4 * 1024 * 1024,
  sqlLength: 4e5,
  column: 500,
  exprDepth: 200,
  compoundSelect: 200,
  vdbeOp: 1e5,
  functionArg: 127,
  likePatternLength: 1e3,
  variableNumber: 5e3,
  triggerDepth: 20
};
function createDatabase() {
  return new sqlite.DatabaseSync(":memory:", { limits, allowExtension: false });
}
function boundDatabase(db, maxBytes) {
  db.exec(`PRAGMA max_page_count = ${Math.floor(maxBytes / pageBytes)}`);
  db.exec("PRAGMA temp_store = MEMORY");
  db.exec(`PRAGMA hard_heap_limit = ${heapBytes}`);
  db.exec("PRAGMA foreign_keys = ON");
}
function databaseBytes(db) {
  return Number(db.prepare("PRAGMA page_count").get()?.page_count) * pageBytes;
}

// sql/database.ts
var { gunzipSync, gzipSync } = process.getBuiltinModule("node:zlib");
var Database = class {
  #db;
  #guard;
  #recorded;
  /**
   * Loads a database as it was kept, each part gzipped.
   *
   * @throws {Error} Where the bytes are damaged.
   */
  constructor(snapshot, changesets) {
    this.#db = createDatabase();
    if (snapshot !== void 0) this.#db.deserialize(gunzipSync(snapshot));
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
  get size() {
    return databaseBytes(this.#db);
  }
  /** Runs statements in one transaction: all of them or none. */
  query({ sql, params, snapshot }) {
    const changed = /* @__PURE__ */ new Set();
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
  [Symbol.dispose]() {
    this.#db.close();
  }
  #state() {
    const schema = this.#db.prepare("PRAGMA schema_version").get()?.schema_version;
    const changes = this.#db.prepare("SELECT total_changes() AS n").get()?.n;
    return { schema, changes };
  }
  #written(query) {
    const { before, after, changed, changeset, snapshot } = query;
    const hasNewSchema = before.schema !== after.schema;
    if (hasNewSchema) this.#recorded = new RecordedTables(this.#db);
    else if (before.changes === after.changes) return void 0;
    const areRecorded = this.#recorded.areRecorded(changed);
    if (hasNewSchema || !areRecorded || snapshot) return this.#snapshot();
    const bytes = changeset();
    if (bytes.length === 0) return void 0;
    const packed = gzipSync(bytes);
    if (packed.length > maxChangesetBytes) return this.#snapshot();
    return { kind: "changes", bytes: packed.toBase64() };
  }
  #snapshot() {
    const packed = gzipSync(this.#db.serialize(), { level: 1 });
    return { kind: "snapshot", bytes: packed.toBase64() };
  }
};

// sql.ts
var maxFrameBytes = 128 * 1024 * 1024;
var databases = /* @__PURE__ */ new Map();
function receive(request) {
  switch (request.type) {
    case "open":
      return open(request);
    case "query":
      return databases.get(request.db)?.query(request) ?? { type: "unknown" };
    case "close":
      close(request.db);
      return void 0;
    default:
      return request;
  }
}
function open({ db, snapshot, changesets }) {
  close(db);
  const bytes = snapshot === void 0 ? void 0 : Uint8Array.fromBase64(snapshot);
  const opened = new Database(bytes, changesets.map((each) => Uint8Array.fromBase64(each)));
  databases.set(db, opened);
  return { type: "opened", size: opened.size };
}
function close(db) {
  databases.get(db)?.[Symbol.dispose]();
  databases.delete(db);
}
function send(message) {
  const frame = encodeFrame(JSON.stringify(message));
  for (let written = 0; written < frame.length; ) {
    written += Deno.stdout.writeSync(frame.subarray(written));
  }
}
async function serveSql() {
  const frames = new FrameReader(maxFrameBytes);
  send({ type: "ready" });
  for await (const bytes of Deno.stdin.readable) {
    for (const text of frames.read(bytes)) {
      const answer = receive(JSON.parse(text));
      if (answer !== void 0) send(answer);
    }
  }
}
var rights = ["read", "write", "net", "env", "run", "ffi", "sys", "import"];
for (const name of rights) Deno.permissions.revokeSync({ name });
await serveSql();
