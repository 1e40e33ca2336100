/** Where a piece of UTF-8 can be cut so that no character falls apart. @module */

/**
 * How many bytes at the end, at most 3, begin a character that more bytes could
 * complete. What can no longer become a character does not count.
 */
export function incompleteEnd(bytes: Uint8Array, length: number): number {
  for (let count = 1; count <= 3 && count <= length; count++) {
    const lead = bytes[length - count];
    if (lead < 0x80) return 0;
    if (lead < 0xc0) continue;
    return isBeginning(bytes, length - count, count) ? count : 0;
  }
  return 0;
}

function isBeginning(bytes: Uint8Array, start: number, count: number): boolean {
  const lead = bytes[start];
  if (count >= sequenceLength(lead)) return false;
  return count === 1 || isSecond(lead, bytes[start + 1]);
}

/** Bytes of a character that begins so; 0 for what begins none. */
function sequenceLength(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** Whether the second byte excludes overlong forms, surrogates and what is past U+10FFFF. */
function isSecond(lead: number, byte: number): boolean {
  switch (lead) {
    case 0xe0:
      return byte >= 0xa0;
    case 0xed:
      return byte < 0xa0;
    case 0xf0:
      return byte >= 0x90;
    case 0xf4:
      return byte < 0x90;
    default:
      return true;
  }
}
