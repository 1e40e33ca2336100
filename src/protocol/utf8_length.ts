/** How many bytes a text has in UTF-8. @module */

/** UTF-8 bytes of a text; a lone surrogate counts 3, as it is replaced by U+FFFD. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (isPair(text, i)) {
      bytes += 2;
      i++;
    } else bytes += 2;
  }
  return bytes;
}

/** The longest prefix of a text that has at most `maxBytes` bytes and cuts no character. */
export function utf8Prefix(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  let bytes = 0;
  let end = 0;
  while (end < text.length) {
    const units = isPair(text, end) ? 2 : 1;
    bytes += utf8Length(text.slice(end, end + units));
    if (bytes > maxBytes) return text.slice(0, end);
    end += units;
  }
  return text;
}

function isPair(text: string, index: number): boolean {
  const high = text.charCodeAt(index);
  const low = text.charCodeAt(index + 1);
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
}
