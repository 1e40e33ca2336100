/** Text measured in UTF-8, whatever guest code does to `String.prototype`. @module */

import { charCodeAt, stringSlice } from "./primordials.ts";

/** UTF-8 bytes of a text; a lone surrogate counts 3, as it is replaced by U+FFFD. */
export function utf8Length(text: string): number {
  const { length } = text;
  let bytes = length;
  for (let i = 0; i < length; i++) {
    const unit = charCodeAt(text, i);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    if (isPair(text, i)) i++;
  }
  return bytes;
}

/** The longest beginning of a text that has at most `maxBytes` bytes and cuts no character. */
export function utf8Prefix(text: string, maxBytes: number): string {
  const { length } = text;
  if (length * 3 <= maxBytes) return text;
  let bytes = 0;
  for (let i = 0; i < length;) {
    const unit = charCodeAt(text, i);
    const units = isPair(text, i) ? 2 : 1;
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else bytes += 2 + (units === 2 ? 2 : 1);
    if (bytes > maxBytes) return stringSlice(text, 0, i);
    i += units;
  }
  return text;
}

function isPair(text: string, index: number): boolean {
  const high = charCodeAt(text, index);
  if (high < 0xd800 || high > 0xdbff) return false;
  const low = charCodeAt(text, index + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}
