/** The log: one event per line with fields, to stderr only. @module */

import { configureSync, getLogger } from "@logtape/logtape";
import type { LogLevel as TapeLevel, LogRecord } from "@logtape/logtape";
import { formatJson, formatText } from "./format_event.ts";
import type { LogEvent } from "./format_event.ts";

/** How severe an event is. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Writes events of one room. Messages are constant words; what varies goes into the fields. */
export interface Log {
  /** What only a developer asks for. */
  debug(message: string, fields?: Record<string, unknown>): void;
  /** What happened as it should. */
  info(message: string, fields?: Record<string, unknown>): void;
  /** What somebody should look at. */
  warn(message: string, fields?: Record<string, unknown>): void;
  /** What failed. */
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Options of {@linkcode configureLog}. */
export interface ConfigureLogOptions {
  /** Events below it are dropped. @default {"info"} */
  level?: LogLevel;
  /** How events are written. @default {"text" where stderr is a terminal, else "json"} */
  format?: "json" | "text";
  /** Takes each line, without its line end. @default {writes to stderr} */
  sink?: (line: string) => void;
}

/** Our levels in the words of logtape, and back. */
const tapeLevels = {
  debug: "debug",
  info: "info",
  warn: "warning",
  error: "error",
} satisfies Record<LogLevel, TapeLevel>;

/** Sets the log up; may be called again, the last call holds. Before the first one nothing is logged. */
export function configureLog(options: ConfigureLogOptions = {}): void {
  const { level = "info", sink = writeToStderr } = options;
  const { format = Deno.stderr.isTerminal() ? "text" : "json" } = options;
  const toLine = format === "json" ? formatJson : formatText;
  configureSync({
    reset: true,
    sinks: { lines: (record) => sink(toLine(toEvent(record))) },
    loggers: [
      { category: "airlock", sinks: ["lines"], lowestLevel: tapeLevels[level] },
      { category: ["logtape", "meta"], sinks: ["lines"], lowestLevel: "warning" },
    ],
  });
}

/**
 * The log of one room of the program.
 *
 * @example Usage
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 * import { configureLog, logger } from "./log.ts";
 * const lines: string[] = [];
 * configureLog({ format: "text", sink: (line) => lines.push(line.slice(13)) });
 * logger("runs").info("run finished", { runId: "run_1", ms: 12 });
 * deepStrictEqual(lines, ["INFO  runs: run finished runId=run_1 ms=12"]);
 * ```
 */
export function logger(room: string): Log {
  return getLogger(["airlock", room]);
}

function toEvent(record: LogRecord): LogEvent {
  const { rawMessage, properties } = record;
  return {
    at: record.timestamp,
    level: record.level === "warning" ? "warn" : record.level,
    room: record.category.slice(1).join("."),
    message: typeof rawMessage === "string" ? rawMessage : rawMessage.join("…"),
    fields: properties,
  };
}

function writeToStderr(line: string): void {
  let rest = new TextEncoder().encode(line + "\n");
  while (rest.length > 0) rest = rest.subarray(Deno.stderr.writeSync(rest));
}
