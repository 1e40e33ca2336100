/** Tells objects whose keys are names from objects whose keys are data. @module */

const maxKeyChars = 64;
const maxDigits = 4;
/** A key of objects. */
export interface ObjectKey {
  /** The key itself, of any length. */
  readonly name: string;
  /** What it holds: comparable as JSON. */
  readonly shape: unknown;
  /** Every object has it. */
  readonly isAlways: boolean;
}

/** From so many keys on, likeness of what they hold is a sign. */
const manyObjects = 5;
const manyKeys = 8;

/**
 * Whether the keys of an object are data, to be kept nowhere: ids, dates,
 * addresses, paths; or many keys that come and go and all hold the same.
 */
export function areKeysData(fields: readonly ObjectKey[]): boolean {
  if (fields.some(({ name }) => !isName(name))) return true;
  if (fields.length < manyObjects) return false;
  const [first, ...others] = fields.map(({ shape }) => JSON.stringify(shape));
  if (others.some((shape) => shape !== first)) return false;
  const hasParts = first.includes("{", 1);
  return hasParts || (fields.length >= manyKeys && fields.some(({ isAlways }) => !isAlways));
}

/** Words, perhaps with a number: `content-type`, `@id`, `line_2`, `Order No.`, but no `ord_8f3a91`. */
function isName(key: string): boolean {
  // Nearly all keys are like that, and this is quick.
  if (/^[A-Za-z_]{1,64}$/.test(key)) return true;
  if (key.length > maxKeyChars || !/^[$@#_\p{L}][\p{L}\p{M}\p{Nd}$_.\- ]*$/u.test(key)) {
    return false;
  }
  const digits = key.match(/\p{Nd}/gu)?.length ?? 0;
  return digits <= maxDigits && !looksMadeUp(key);
}

/** A piece that mixes letters and digits as no word does: `8f3a`, `V1StGX`. */
function looksMadeUp(key: string): boolean {
  return key.split(/[^\p{L}\p{Nd}]+/u).some((piece) => {
    const runs = piece.match(/\p{L}+|\p{Nd}+/gu)?.length ?? 0;
    return runs > 4;
  });
}
