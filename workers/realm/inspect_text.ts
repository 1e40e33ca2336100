/** The text of single values, and how several are laid out on lines. @module */

import {
  arrayJoin,
  arrayPush,
  charCodeAt,
  matches,
  numberToString,
  objectIs,
  padStart,
  stringIndexOf,
  stringSlice,
  toText,
} from "./primordials.ts";

/** Columns within which what fits stays on one line. */
const lineWidth = 76;
/** Longest entry of an array whose entries share lines. */
const maxSharedLength = 20;
/** Entries from which an array's entries share lines. */
const minSharedEntries = 7;
/** Longest text of a string, a name or a description within a value. */
const maxTextLength = 10_000;
const maxNameLength = 128;

// deno-lint-ignore no-control-regex -- these are the characters that need an escape
const needsEscape = /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/;
const isIdentifier = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A value that is no object and no function. */
export function primitiveText(value: unknown): string {
  if (typeof value === "string") return quoteText(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return cutName(toText(value));
  return objectIs(value, -0) ? "-0" : toText(value);
}

/** A property's key as it is written before its value. */
export function keyText(key: string | symbol): string {
  if (typeof key === "symbol") return cutName(toText(key));
  return matches(isIdentifier, key) ? key : quoteText(key);
}

/** A name that guest code made up, on one line and not too long. */
export function cutName(name: string): string {
  const quoted = quoteText(stringSlice(name, 0, maxNameLength));
  return stringSlice(quoted, 1, -1);
}

/** A string in the quotes that suit it best, cut where it is very long. */
export function quoteText(text: string): string {
  const left = text.length - maxTextLength;
  const kept = left > 0 ? stringSlice(text, 0, maxTextLength) : text;
  const notice = left > 0 ? `... ${left} more character${left === 1 ? "" : "s"}` : "";
  if (!matches(needsEscape, kept)) return `"${kept}"${notice}`;
  const quote = bestQuote(kept);
  const parts: string[] = [];
  for (let i = 0; i < kept.length; i++) arrayPush(parts, escapeUnit(kept, i, quote));
  return quote + arrayJoin(parts, "") + quote + notice;
}

function bestQuote(text: string): string {
  if (stringIndexOf(text, '"') < 0) return '"';
  return stringIndexOf(text, "'") < 0 ? "'" : '"';
}

function escapeUnit(text: string, index: number, quote: string): string {
  const char = text[index];
  if (char === quote || char === "\\") return `\\${char}`;
  if (char === "\n") return "\\n";
  if (char === "\t") return "\\t";
  if (char === "\r") return "\\r";
  const unit = charCodeAt(text, index);
  if (unit < 0x20 || (unit >= 0x7f && unit <= 0x9f)) return `\\x${hex(unit, 2)}`;
  const isSeparator = unit === 0x2028 || unit === 0x2029;
  return isSeparator || isLoneSurrogate(text, index) ? `\\u${hex(unit, 4)}` : char;
}

function isLoneSurrogate(text: string, index: number): boolean {
  const unit = charCodeAt(text, index);
  if (unit < 0xd800 || unit > 0xdfff) return false;
  const other = charCodeAt(text, unit < 0xdc00 ? index + 1 : index - 1);
  return unit < 0xdc00
    ? !(other >= 0xdc00 && other <= 0xdfff)
    : !(other >= 0xd800 && other < 0xdc00);
}

function hex(unit: number, digits: number): string {
  return padStart(numberToString(unit, 16), digits, "0");
}

/** What stands before, around and between the entries of a value. */
export interface Body {
  /** `Foo(2)`; empty where the brackets say it all. */
  prefix: string;
  /** The brackets: `{}` or `[]`. */
  brackets: "{}" | "[]";
  /** The entries, each as text. */
  entries: string[];
  /** The prefix is the whole value, and brackets follow only where there are entries. */
  standsAlone?: boolean;
}

/** A body on one line where it fits, else an entry a line. */
export function layOut({ prefix, brackets, entries, standsAlone = false }: Body, level: number) {
  const open = (prefix === "" ? "" : `${prefix} `) + brackets[0];
  const close = brackets[1];
  if (entries.length === 0) return standsAlone ? prefix : open + close;
  const joined = arrayJoin(entries, ", ");
  const isShort = level * 2 + open.length + joined.length <= lineWidth;
  if (isShort && stringIndexOf(open + joined, "\n") < 0) return `${open} ${joined} ${close}`;
  const lines = brackets === "[]" ? shareLines(entries, level) : entries;
  const parts: string[] = [];
  for (let i = 0; i < lines.length; i++) arrayPush(parts, `\n  ${indentText(lines[i], "  ")}`);
  return `${open}${arrayJoin(parts, ",")}\n${close}`;
}

/** Puts as many short entries on a line as fit; leaves entries alone that are not all short. */
function shareLines(entries: string[], level: number): string[] {
  if (entries.length < minSharedEntries) return entries;
  for (let i = 0; i < entries.length; i++) {
    if (entries[i].length > maxSharedLength && !isNotice(entries[i])) return entries;
  }
  const lines: string[] = [];
  let line = entries[0];
  for (let i = 1; i < entries.length; i++) {
    const longer = `${line}, ${entries[i]}`;
    if (longer.length <= lineWidth - level * 2 && !isNotice(entries[i])) line = longer;
    else {
      arrayPush(lines, line);
      line = entries[i];
    }
  }
  arrayPush(lines, line);
  return lines;
}

function isNotice(entry: string): boolean {
  return stringSlice(entry, 0, 4) === "... ";
}

/** The text with each line but the first moved to the right. */
export function indentText(text: string, indent: string): string {
  let from = stringIndexOf(text, "\n");
  if (from < 0 || indent === "") return text;
  const parts = [stringSlice(text, 0, from)];
  while (from >= 0) {
    const next = stringIndexOf(text, "\n", from + 1);
    arrayPush(parts, stringSlice(text, from + 1, next < 0 ? text.length : next));
    from = next;
  }
  return arrayJoin(parts, `\n${indent}`);
}
