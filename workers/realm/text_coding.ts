/** `TextEncoder`, `TextDecoder`, `atob` and `btoa`. @module */

import {
  bareBytes,
  byteRange,
  bytesOf,
  decodeUtf8,
  encodeUtf8,
  typedArrayName,
} from "./buffers.ts";
import { connection } from "./connection.ts";
import { namedError } from "./named_error.ts";
import {
  apply,
  defineHidden,
  matches,
  stringSlice,
  stringTrim,
  toLowerCase,
} from "./primordials.ts";
import { incompleteEnd } from "./utf8_stream.ts";
import { utf8Prefix } from "./utf8.ts";

/** Options of the `TextDecoder` constructor. */
export interface TextDecoderOptions {
  /**
   * Throw for what is no UTF-8.
   * @default {false}
   */
  fatal?: boolean;
  /**
   * Keep a byte order mark.
   * @default {false}
   */
  ignoreBOM?: boolean;
}

const utf8Label = /^(?:utf-?8|unicode-1-1-utf-8|unicode11utf8|unicode20utf8|x-unicode20utf8)$/;
const NativeUint8Array = Uint8Array;
const NativeTypeError = TypeError;
const NativeRangeError = RangeError;
const { set: nativeSet } = Object.getPrototypeOf(Uint8Array.prototype);

/** Text as UTF-8. */
export class TextEncoder {
  static {
    defineHidden(this.prototype, Symbol.toStringTag, "TextEncoder");
  }

  get encoding(): string {
    return "utf-8";
  }

  encode(text: unknown = ""): Uint8Array<ArrayBuffer> {
    return encodeUtf8(`${text}`);
  }

  encodeInto(text: unknown, destination: Uint8Array): { read: number; written: number } {
    const source = `${text}`;
    const name = typeof destination === "object" && destination !== null &&
      typedArrayName(destination);
    if (name !== "Uint8Array") {
      throw new NativeTypeError("Cannot encode text: the destination is not a Uint8Array");
    }
    const range = byteRange(destination);
    const fitting = utf8Prefix(source, range.length);
    const written = connection().gateway("encode", fitting, bareBytes(range));
    return { read: fitting.length, written };
  }
}

/** UTF-8 as text, at once or in pieces. */
export class TextDecoder {
  readonly #fatal: boolean;
  readonly #ignoreBom: boolean;
  /** The beginning of a character whose end is still to come. */
  #pending = new NativeUint8Array(0);
  /** A byte order mark can no longer come. */
  #hasBegun = false;

  static {
    defineHidden(this.prototype, Symbol.toStringTag, "TextDecoder");
  }

  constructor(label: unknown = "utf-8", options?: TextDecoderOptions) {
    const name = toLowerCase(stringTrim(`${label}`));
    if (!matches(utf8Label, name)) {
      throw new NativeRangeError(`Cannot decode "${stringSlice(name, 0, 100)}": only "utf-8" is`);
    }
    this.#fatal = !!options?.fatal;
    this.#ignoreBom = !!options?.ignoreBOM;
  }

  get encoding(): string {
    return "utf-8";
  }

  get fatal(): boolean {
    return this.#fatal;
  }

  get ignoreBOM(): boolean {
    return this.#ignoreBom;
  }

  decode(input?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string {
    const isLast = !options?.stream;
    const bytes = this.#join(input);
    const { length } = byteRange(bytes);
    const end = isLast ? length : length - incompleteEnd(bytes, length);
    const text = decodeUtf8(bytes, end, this.#fatal, this.#ignoreBom || this.#hasBegun);
    this.#hasBegun = !isLast && (this.#hasBegun || end > 0);
    this.#pending = bytesOf({ ...byteRange(bytes), offset: end, length: length - end });
    if (text !== undefined) return text;
    this.#hasBegun = false;
    this.#pending = new NativeUint8Array(0);
    throw new NativeTypeError("Cannot decode bytes: they are not UTF-8");
  }

  /** A copy of what is left from before and of what came now. */
  #join(input: ArrayBuffer | ArrayBufferView | undefined): Uint8Array<ArrayBuffer> {
    const kept = byteRange(this.#pending).length;
    if (input === undefined) return this.#pending;
    const range = byteRange(input);
    const joined = new NativeUint8Array(kept + range.length);
    apply(nativeSet, joined, [this.#pending, 0]);
    apply(nativeSet, joined, [bytesOf(range), kept]);
    return joined;
  }
}

/** Text from base64. */
export const atob = (text: unknown): string => {
  const decoded = connection().gateway("atob", `${text}`);
  if (decoded !== undefined) return decoded;
  throw namedError("InvalidCharacterError", "Cannot decode base64: the text is malformed");
};

/** Base64 of text whose characters are bytes. */
export const btoa = (text: unknown): string => {
  const encoded = connection().gateway("btoa", `${text}`);
  if (encoded !== undefined) return encoded;
  throw namedError(
    "InvalidCharacterError",
    "Cannot encode as base64: the text has a character above U+00FF",
  );
};
