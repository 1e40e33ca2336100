/** `application/x-www-form-urlencoded`, to the letter of the URL standard. @module */

import { decodeUtf8, encodeUtf8, typedArrayLength } from "./buffers.ts";
import {
  arrayJoin,
  arrayPush,
  fromCharCode,
  matches,
  numberToString,
  padStart,
  stringIndexOf,
  stringSlice,
  toUpperCase,
} from "./primordials.ts";

/** A name and its value. */
export interface Pair {
  name: string;
  value: string;
}

const needsNoEscape = /^[A-Za-z0-9*\-._]*$/;
const percent = 0x25;
const plus = 0x2b;
const space = 0x20;
const NativeUint8Array = Uint8Array;

/** The pairs of a query without its question mark. */
export function parseForm(query: string): Pair[] {
  const pairs: Pair[] = [];
  for (let from = 0; from <= query.length;) {
    const next = stringIndexOf(query, "&", from);
    const end = next < 0 ? query.length : next;
    if (end > from) arrayPush(pairs, parsePair(stringSlice(query, from, end)));
    from = end + 1;
  }
  return pairs;
}

function parsePair(text: string): Pair {
  const equals = stringIndexOf(text, "=");
  if (equals < 0) return { name: unescapeForm(text), value: "" };
  const name = unescapeForm(stringSlice(text, 0, equals));
  return { name, value: unescapeForm(stringSlice(text, equals + 1)) };
}

function unescapeForm(text: string): string {
  if (stringIndexOf(text, "%") < 0 && stringIndexOf(text, "+") < 0) return text;
  const bytes = encodeUtf8(text);
  const length = typedArrayLength(bytes);
  const decoded = new NativeUint8Array(length);
  let end = 0;
  for (let i = 0; i < length; i++, end++) {
    const byte = bytes[i];
    const value = byte === percent && i + 2 < length ? hexByte(bytes[i + 1], bytes[i + 2]) : -1;
    if (value >= 0) i += 2;
    if (value >= 0) decoded[end] = value;
    else decoded[end] = byte === plus ? space : byte;
  }
  return decodeUtf8(decoded, end, false, true) ?? "";
}

/** The byte that two hexadecimal digits stand for, or -1. */
function hexByte(high: number, low: number): number {
  const first = hexDigit(high);
  const second = hexDigit(low);
  return first < 0 || second < 0 ? -1 : first * 16 + second;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** The pairs as a query. */
export function serializeForm(pairs: readonly Pair[]): string {
  const parts: string[] = [];
  for (let i = 0; i < pairs.length; i++) {
    arrayPush(parts, `${escapeForm(pairs[i].name)}=${escapeForm(pairs[i].value)}`);
  }
  return arrayJoin(parts, "&");
}

function escapeForm(text: string): string {
  if (matches(needsNoEscape, text)) return text;
  const bytes = encodeUtf8(text);
  const parts: string[] = [];
  for (let i = 0; i < typedArrayLength(bytes); i++) arrayPush(parts, escapeByte(bytes[i]));
  return arrayJoin(parts, "");
}

function escapeByte(byte: number): string {
  if (byte === space) return "+";
  const char = fromCharCode(byte);
  if (matches(needsNoEscape, char)) return char;
  return `%${toUpperCase(padStart(numberToString(byte, 16), 2, "0"))}`;
}
