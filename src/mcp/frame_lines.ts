/** Cuts a byte stream into lines, none of them longer than a bound. @module */

import { answerCodes } from "./to_upstream_error.ts";

/** Options of {@linkcode FrameLines}. */
export interface FrameLinesOptions {
  /** Longest line that is let through. @default {16777216} */
  maxBytes?: number;
  /** What a frame's line begins with; other lines that are too long are dropped. @default {""} */
  prefix?: string;
}

/** Longest frame that is read from an upstream. */
export const maxFrameBytes = 16 * 1024 * 1024;

/** How much is kept of a line that is too long, at each end, to find whose answer it was. */
const keptBytes = 512;

const lineFeed = 10;

/**
 * Lines of JSON-RPC, without their ends. A longer one costs no memory: it is
 * skipped, and an error that answers the same request takes its place, so that
 * it costs that one call alone.
 */
export class FrameLines extends TransformStream<Uint8Array, string> {
  /** Each stream of bytes needs one of its own. */
  constructor(options: FrameLinesOptions = {}) {
    const { maxBytes = maxFrameBytes, prefix = "" } = options;
    const line = new Line(maxBytes);
    const finish = (): string | undefined => {
      const text = line.isTooLong
        ? withPrefix(prefix, line.head(), line.tail(), maxBytes)
        : line.text();
      line.clear();
      return text;
    };
    super({
      transform(chunk, controller) {
        let start = 0;
        for (
          let end = chunk.indexOf(lineFeed);
          end !== -1;
          end = chunk.indexOf(lineFeed, start)
        ) {
          line.add(chunk.subarray(start, end));
          start = end + 1;
          const text = finish();
          if (text !== undefined) controller.enqueue(text);
        }
        line.add(chunk.subarray(start));
      },
      flush(controller) {
        const text = line.isEmpty ? undefined : finish();
        if (text !== undefined) controller.enqueue(text);
      },
    });
  }
}

/** An error frame for the request that a broken or overlong frame would have answered. */
export function failedFrame(head: string, tail: string, message: string): string | undefined {
  const id = findRequestId(head, tail);
  if (id === undefined) return undefined;
  return JSON.stringify({ jsonrpc: "2.0", id, error: { code: answerCodes.unusable, message } });
}

function withPrefix(
  prefix: string,
  head: string,
  tail: string,
  maxBytes: number,
): string | undefined {
  if (!head.startsWith(prefix)) return undefined;
  const message = `its answer is larger than ${maxBytes} bytes`;
  const frame = failedFrame(head.slice(prefix.length), tail, message);
  return frame === undefined ? undefined : prefix + frame;
}

/** Servers write the id first or last; one that stands elsewhere is not looked for. */
function findRequestId(head: string, tail: string): number | undefined {
  const first = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d{1,15})\s*,/.exec(head);
  const last = /[}\]"\w]\s*,\s*"id"\s*:\s*(\d{1,15})\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/
    .exec(tail);
  const found = first ?? last;
  return found === null ? undefined : Number(found[1]);
}

/** One line as it comes in. */
class Line {
  readonly #maxBytes: number;
  #parts: Uint8Array[] = [];
  #size = 0;
  #head = new Uint8Array(0);
  #tail = new Uint8Array(0);

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  get isTooLong(): boolean {
    return this.#size > this.#maxBytes;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const wasTooLong = this.isTooLong;
    this.#size += bytes.length;
    if (wasTooLong) {
      this.#tail = concat([this.#tail, bytes]).slice(-keptBytes);
      return;
    }
    this.#parts.push(bytes);
    if (!this.isTooLong) return;
    const whole = concat(this.#parts);
    this.#parts = [];
    this.#head = whole.slice(0, keptBytes);
    this.#tail = whole.slice(-keptBytes);
  }

  text(): string {
    return decode(concat(this.#parts)).replace(/\r$/, "");
  }

  head(): string {
    return decode(this.#head);
  }

  tail(): string {
    return decode(this.#tail);
  }

  clear(): void {
    this.#parts = [];
    this.#size = 0;
  }
}

function concat(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
