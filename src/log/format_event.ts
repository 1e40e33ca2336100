/** Writes one logged event as one line. @module */

import type { Json } from "../protocol/json.ts";
import { plainText, plainValue } from "./plain_value.ts";

/** One thing that happened. */
export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `debug`, `info`, `warn` or `error`. */
  readonly level: string;
  /** The part of the program: `runs`. */
  readonly room: string;
  /** What happened, in constant words: `run finished`. */
  readonly message: string;
  /** What is particular about it. May hold text from outside. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * What JSON leaves as it is and a terminal or a reader may be fooled by:
 * delete, C1 controls, zero-width and direction marks, line separators.
 */
const deceptive = /[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** An event as a line of JSON, without its line end. Fields never displace `at`, `level`, `room`, `message`. */
export function formatJson(event: LogEvent): string {
  const fixed = {
    at: new Date(event.at).toISOString(),
    level: event.level,
    room: event.room,
    message: plainText(event.message),
  };
  return toLine({ ...fixed, ...plainFields(event), ...fixed });
}

/** An event as a line for people, without its line end: time, level, room, message, `key=value` …. */
export function formatText(event: LogEvent): string {
  const time = new Date(event.at).toISOString().slice(11, 23);
  const level = event.level.toUpperCase().padEnd(5);
  const message = toLine(plainText(event.message)).slice(1, -1);
  const fields = Object.entries(plainFields(event))
    .map(([name, value]) => ` ${bareOrQuoted(name)}=${bareOrQuoted(value)}`);
  return `${time} ${level} ${event.room}: ${message}${fields.join("")}`;
}

function plainFields(event: LogEvent): Record<string, Json> {
  const defined = Object.entries(event.fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    defined.map(([name, value]) => [plainText(name), plainValue(value)]),
  );
}

function bareOrQuoted(value: Json): string {
  const isBare = typeof value === "string" && /^[\w./:@*-]+$/.test(value);
  return isBare ? value : toLine(value);
}

/** JSON in which nothing can end the line or hide part of it. */
function toLine(value: Json): string {
  return JSON.stringify(value).replace(
    deceptive,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
