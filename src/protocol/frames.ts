/**
 * Frames on a pipe: four bytes of length, big-endian, then that many bytes of
 * UTF-8. The length is checked before anything is kept, so a hostile writer
 * cannot make the reader grow past the limit. @module
 */

/** Why a byte stream is not frames any more; nothing after it can be trusted. */
export class FrameError extends Error {
  /** Always `FrameError`. */
  override readonly name = "FrameError";
}

const headerBytes = 4;
const encoder = new TextEncoder();

/** One frame holding a text. */
export function encodeFrame(text: string): Uint8Array {
  const body = encoder.encode(text);
  const frame = new Uint8Array(headerBytes + body.length);
  new DataView(frame.buffer).setUint32(0, body.length);
  frame.set(body, headerBytes);
  return frame;
}

/**
 * One frame holding a text that comes in parts, written into `buffer` again and
 * again: a frame of any length takes no more memory than that. What was given
 * must be out before the next piece is asked for.
 *
 * @param parts No surrogate pair may be cut between two of them.
 * @param bytes UTF-8 bytes of all parts.
 * @param buffer At least 8 bytes.
 */
export function* framePieces(
  parts: readonly string[],
  bytes: number,
  buffer: Uint8Array,
): Generator<Uint8Array> {
  new DataView(buffer.buffer, buffer.byteOffset).setUint32(0, bytes);
  let filled = headerBytes;
  for (const part of parts) {
    for (let rest = part; rest !== "";) {
      const { read, written } = encoder.encodeInto(rest, buffer.subarray(filled));
      filled += written;
      rest = rest.slice(read);
      if (rest === "") break;
      yield buffer.subarray(0, filled);
      filled = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

/** Cuts a byte stream into the texts of its frames. */
export class FrameReader {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #header = new Uint8Array(headerBytes);
  #headerFilled = 0;
  #body: Uint8Array | undefined;
  #bodyFilled = 0;

  /**
   * Begins between two frames.
   *
   * @param maxBytes Of one frame's text, in UTF-8.
   */
  constructor(readonly maxBytes: number) {}

  /** Whether the stream may end here: no frame has been begun. */
  get isBetweenFrames(): boolean {
    return this.#headerFilled === 0;
  }

  /**
   * Takes the next bytes and gives the texts of the frames they complete.
   *
   * @throws {FrameError} Where a frame is empty, too long or not UTF-8.
   */
  *read(bytes: Uint8Array): Generator<string> {
    let offset = 0;
    while (offset < bytes.length) {
      if (this.#body === undefined) {
        offset += this.#readHeader(bytes, offset);
        continue;
      }
      const part = bytes.subarray(offset, offset + this.#body.length - this.#bodyFilled);
      this.#body.set(part, this.#bodyFilled);
      this.#bodyFilled += part.length;
      offset += part.length;
      if (this.#bodyFilled === this.#body.length) yield this.#takeText(this.#body);
    }
  }

  #readHeader(bytes: Uint8Array, offset: number): number {
    const part = bytes.subarray(offset, offset + headerBytes - this.#headerFilled);
    this.#header.set(part, this.#headerFilled);
    this.#headerFilled += part.length;
    if (this.#headerFilled === headerBytes) {
      const length = new DataView(this.#header.buffer).getUint32(0);
      if (length === 0) throw new FrameError("Cannot read a frame: it is empty");
      if (length > this.maxBytes) {
        throw new FrameError(`Cannot read a frame: ${length} bytes, at most ${this.maxBytes}`);
      }
      this.#body = new Uint8Array(length);
      this.#bodyFilled = 0;
    }
    return part.length;
  }

  #takeText(body: Uint8Array): string {
    this.#body = undefined;
    this.#headerFilled = 0;
    try {
      return this.#decoder.decode(body);
    } catch (cause) {
      throw new FrameError("Cannot read a frame: it is not UTF-8", { cause });
    }
  }
}
