/** What is wrong with statements, for whoever wrote them. @module */

import type { SqlMessage } from "../../src/protocol/sql_messages.ts";

/** Characters of the longest message: SQLite's own may hold parts of the statement. */
const maxMessageLength = 500;

/** Statements, parameters or an answer that cannot be taken. */
export class SqlFault extends Error {
  constructor(readonly code: "invalid_arguments" | "tool_failed", message: string) {
    super(message);
  }
}

/** SQLite's errors are answers; others are mistakes of this program. */
export function refusedMessage(error: unknown, refusal: string | undefined): SqlMessage {
  const { code, message } = faultOf(error, refusal);
  return { type: "refused", code, message: message.slice(0, maxMessageLength).toWellFormed() };
}

function faultOf(error: unknown, refusal: string | undefined): SqlFault {
  if (error instanceof SqlFault) return error;
  if (!(error instanceof Error) || !("code" in error)) throw error;
  if (refusal !== undefined) return new SqlFault("tool_failed", refusal);
  const isOfSqlite = error.code === "ERR_SQLITE_ERROR";
  const isOfParams = !isOfSqlite || error.message === "column index out of range";
  return new SqlFault(isOfParams ? "invalid_arguments" : "tool_failed", explain(error.message));
}

function explain(message: string): string {
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
