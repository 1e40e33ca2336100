/**
 * Buffers and the views on them, read by their internal slots: what a guest
 * defines on an instance or a prototype has no say. @module
 */

import { connection } from "./connection.ts";
import { setPrototypeOf, uncurryGetter } from "./primordials.ts";
import { utf8Length } from "./utf8.ts";

const typedArray: object = Object.getPrototypeOf(Uint8Array.prototype);
/** `Uint8Array` …; `undefined` for what is no typed array. */
export const typedArrayName = uncurryGetter<string | undefined>(typedArray, Symbol.toStringTag);
/** The number of elements of a typed array. */
export const typedArrayLength = uncurryGetter<number>(typedArray, "length");
const typedArrayBuffer = uncurryGetter<ArrayBuffer>(typedArray, "buffer");
const typedArrayOffset = uncurryGetter<number>(typedArray, "byteOffset");
/** `byteLength` of a typed array; throws on what is none. */
export const typedArrayBytes = uncurryGetter<number>(typedArray, "byteLength");
const dataViewBuffer = uncurryGetter<ArrayBuffer>(DataView.prototype, "buffer");
const dataViewOffset = uncurryGetter<number>(DataView.prototype, "byteOffset");
/** `byteLength` of a `DataView`; throws on what is none. */
export const dataViewByteLength = uncurryGetter<number>(DataView.prototype, "byteLength");
/** `byteLength` of an `ArrayBuffer`; throws on what is none. */
export const bufferByteLength = uncurryGetter<number>(ArrayBuffer.prototype, "byteLength");
const { isView } = ArrayBuffer;
const NativeUint8Array = Uint8Array;
const NativeTypeError = TypeError;

/** A part of a buffer. */
export interface ByteRange {
  readonly buffer: ArrayBuffer;
  readonly offset: number;
  readonly length: number;
}

/** The bytes of a buffer or a view; a `TypeError` for what is neither. */
export function byteRange(source: unknown): ByteRange {
  if (isArrayBuffer(source)) return { buffer: source, offset: 0, length: bufferByteLength(source) };
  if (!isView(source)) {
    throw new NativeTypeError(`Cannot read bytes of a ${typeof source}: no buffer and no view`);
  }
  if (typedArrayName(source) === undefined) {
    const length = dataViewByteLength(source);
    return { buffer: dataViewBuffer(source), offset: dataViewOffset(source), length };
  }
  const length = typedArrayBytes(source);
  return { buffer: typedArrayBuffer(source), offset: typedArrayOffset(source), length };
}

/** Whether a value is a genuine `ArrayBuffer`. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  if (typeof value !== "object" || value === null) return false;
  try {
    bufferByteLength(value);
    return true;
  } catch {
    return false;
  }
}

/** A view of its own on bytes. */
export function bytesOf({ buffer, offset, length }: ByteRange): Uint8Array<ArrayBuffer> {
  return new NativeUint8Array(buffer, offset, length);
}

/**
 * A view to hand out through the gateway. It has no prototype, so that whatever
 * the outer realm does with it never runs code of the guest.
 */
export function bareBytes(range: ByteRange): Uint8Array {
  const bytes = bytesOf(range);
  setPrototypeOf(bytes, null);
  return bytes;
}

/** A text as UTF-8. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new NativeUint8Array(utf8Length(text));
  connection().gateway("encode", text, bareBytes(byteRange(bytes)));
  return bytes;
}

/** The first `length` bytes as text; `undefined` where `fatal` and they are malformed. */
export function decodeUtf8(
  bytes: Uint8Array,
  length: number,
  fatal: boolean,
  ignoreBom: boolean,
): string | undefined {
  const { buffer, offset } = byteRange(bytes);
  return connection().gateway("decode", bareBytes({ buffer, offset, length }), fatal, ignoreBom);
}
