/** The `console` of guest code: everything becomes text and is logged, nothing is printed. @module */

import { tableText } from "./console_table.ts";
import { formatLog } from "./format_log.ts";
import { inspect, type InspectOptions } from "./inspect.ts";
import { indentText } from "./inspect_text.ts";
import { mapDelete, mapGet, mapSet, mapSize, stringRepeat } from "./primordials.ts";
import { guestFrames } from "./stack_traces.ts";

/** How severe a logged line is. */
export type ConsoleLevel = "debug" | "log" | "info" | "warn" | "error";

/** Takes one logged text. */
export type Log = (level: ConsoleLevel, text: string) => void;

/** Options of {@linkcode createConsole}. */
export interface ConsoleOptions {
  /**
   * Longest text of one line, in UTF-8 bytes.
   * @default {1048576}
   */
  maxBytes?: number;
}

/** Groups within groups that are moved to the right. */
const maxGroups = 32;
/** Counters and timers that are kept. */
const maxLabels = 1_000;
const NativeError = Error;
const NativeMap = Map;

/** A console that hands its texts to `log`; `now` gives milliseconds. */
export function createConsole(log: Log, now: () => number, options: ConsoleOptions = {}) {
  const { maxBytes = 1_048_576 } = options;
  const counts = new NativeMap<string, number>();
  const starts = new NativeMap<string, number>();
  let groups = 0;

  function write(level: ConsoleLevel, args: readonly unknown[]): void {
    const indent = stringRepeat("  ", groups < maxGroups ? groups : maxGroups);
    log(level, indent + indentText(formatLog(args, { maxBytes }), indent));
  }

  function writeElapsed(label: string, data: unknown[]): void {
    const start = mapGet(starts, label);
    if (start === undefined) return write("warn", [`Timer "${label}" does not exist`]);
    const elapsed = `${label}: ${roundMs(now() - start)}ms`;
    write("log", data.length === 0 ? [elapsed] : [elapsed, formatLog(data, { maxBytes })]);
  }

  function keep(values: Map<string, number>, label: string, value: number): void {
    if (mapSize(values) < maxLabels || mapGet(values, label) !== undefined) {
      mapSet(values, label, value);
    }
  }

  function openGroup(args: readonly unknown[]): void {
    if (args.length > 0) write("log", args);
    groups++;
  }

  return {
    log: (...args: unknown[]): void => write("log", args),
    info: (...args: unknown[]): void => write("info", args),
    warn: (...args: unknown[]): void => write("warn", args),
    error: (...args: unknown[]): void => write("error", args),
    debug: (...args: unknown[]): void => write("debug", args),
    trace: (...args: unknown[]): void => {
      const title = args.length === 0 ? "Trace" : `Trace: ${formatLog(args, { maxBytes })}`;
      write("debug", [title + guestFrames(`${new NativeError().stack}`)]);
    },
    dir: (value: unknown, dirOptions?: InspectOptions): void =>
      write("log", [inspect(value, { maxBytes, depth: depthOf(dirOptions) })]),
    dirxml: (...args: unknown[]): void => write("log", args),
    table: (data?: unknown, columns?: unknown): void => {
      const text = tableText(data, columns);
      write("log", [text ?? data]);
    },
    group: (...args: unknown[]): void => openGroup(args),
    groupCollapsed: (...args: unknown[]): void => openGroup(args),
    groupEnd: (): void => {
      if (groups > 0) groups--;
    },
    count: (label: unknown = "default"): void => {
      const name = `${label}`;
      const count = (mapGet(counts, name) ?? 0) + 1;
      keep(counts, name, count);
      write("log", [`${name}: ${count}`]);
    },
    countReset: (label: unknown = "default"): void => {
      if (mapDelete(counts, `${label}`)) return;
      write("warn", [`Count for "${label}" does not exist`]);
    },
    time: (label: unknown = "default"): void => {
      const name = `${label}`;
      if (mapGet(starts, name) === undefined) return keep(starts, name, now());
      write("warn", [`Timer "${name}" already exists`]);
    },
    timeLog: (label: unknown = "default", ...data: unknown[]): void =>
      writeElapsed(`${label}`, data),
    timeEnd: (label: unknown = "default"): void => {
      writeElapsed(`${label}`, []);
      mapDelete(starts, `${label}`);
    },
    assert: (condition?: unknown, ...args: unknown[]): void => {
      if (condition) return;
      const text = args.length === 0 ? "" : `: ${formatLog(args, { maxBytes })}`;
      write("error", [`Assertion failed${text}`]);
    },
    clear: (): void => {},
  };
}

function roundMs(ms: number): number {
  return (ms * 1_000 - (ms * 1_000) % 1) / 1_000;
}

function depthOf(options: InspectOptions | undefined): number | undefined {
  const depth: unknown = options?.depth;
  if (depth === null || depth === Infinity) return 100;
  return typeof depth === "number" && depth >= 0 ? depth : undefined;
}
