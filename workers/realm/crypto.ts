/** `crypto`, as far as guest code has it: random values and nothing else. @module */

import { bareBytes, byteRange, typedArrayName } from "./buffers.ts";
import type { RawGateway } from "./gateway.ts";
import { namedError } from "./named_error.ts";
import { defineHidden, matches, numberToString, padStart, stringSlice } from "./primordials.ts";

/** Bytes that one call may ask for. */
const maxRandomBytes = 65_536;
const integerArray =
  /^(?:Uint8|Int8|Uint8Clamped|Uint16|Int16|Uint32|Int32|BigUint64|BigInt64)Array$/;
const NativeUint8Array = Uint8Array;

/** The `crypto` object of guest code. */
export interface GuestCrypto {
  /** A random UUID, version 4. */
  randomUUID(): string;
  /** Fills an integer typed array of at most 65,536 bytes, and gives it back. */
  getRandomValues<View>(view: View): View;
}

/** Makes the `crypto` object of one realm. */
export function createCrypto(gateway: RawGateway): GuestCrypto {
  const crypto: GuestCrypto = {
    randomUUID: () => {
      const bytes = new NativeUint8Array(16);
      gateway("random", bareBytes(byteRange(bytes)));
      return uuidText(bytes);
    },
    getRandomValues: (view) => {
      const isObject = typeof view === "object" && view !== null;
      const name = isObject ? typedArrayName(view) : undefined;
      if (name === undefined || !matches(integerArray, name)) {
        throw namedError("TypeMismatchError", "Cannot fill a view: it has no integer elements");
      }
      const range = byteRange(view);
      if (range.length > maxRandomBytes) {
        const state = `${range.length} bytes, at most ${maxRandomBytes}`;
        throw namedError("QuotaExceededError", `Cannot fill a view: ${state}`);
      }
      gateway("random", bareBytes(range));
      return view;
    },
  };
  defineHidden(crypto, Symbol.toStringTag, "Crypto");
  return crypto;
}

function uuidText(bytes: Uint8Array): string {
  bytes[6] = bytes[6] & 0x0f | 0x40;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  let hex = "";
  for (let i = 0; i < 16; i++) hex += padStart(numberToString(bytes[i], 16), 2, "0");
  const part = (start: number, end: number) => stringSlice(hex, start, end);
  return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20, 32)}`;
}
