/**
 * Frames on their way to a host. They wait as the text that they are, and are
 * encoded a piece at a time as the host reads: many large answers at once cost
 * the server their texts and nothing more. @module
 */

import { framePieces } from "../protocol/frames.ts";
import { utf8Length } from "../protocol/utf8_length.ts";
import { GarbageCollector } from "./garbage_collector.ts";

/** Bytes that may wait for hosts to read them. */
export interface UnreadBounds {
  /** For one host. */
  perHost: number;
  /** For all of them together; above it the one with the most is given up. */
  inAll: number;
}

const defaultBounds: UnreadBounds = { perHost: 64 << 20, inAll: 128 << 20 };

/** Counts what waits for all hosts of a server. */
export class UnreadBytes implements Disposable {
  readonly #bounds: UnreadBounds;
  readonly #waiting = new Map<FrameWriter, number>();
  readonly #garbage: GarbageCollector;
  #inAll = 0;

  /** With nothing waiting. */
  constructor(
    bounds: UnreadBounds = defaultBounds,
    garbage: GarbageCollector = new GarbageCollector(),
  ) {
    this.#bounds = bounds;
    this.#garbage = garbage;
  }

  /** Bytes that wait. */
  get inAll(): number {
    return this.#inAll;
  }

  /** Counts what waits for one host; gives up whoever holds too much. */
  add(writer: FrameWriter, bytes: number): void {
    const waiting = (this.#waiting.get(writer) ?? 0) + bytes;
    this.#waiting.set(writer, waiting);
    this.#inAll += bytes;
    if (waiting > this.#bounds.perHost) writer.giveUp();
    while (this.#inAll > this.#bounds.inAll) this.#most().giveUp();
  }

  /** Bytes of a host were read, or are not to be written any more. */
  remove(writer: FrameWriter, bytes: number): void {
    const waiting = this.#waiting.get(writer) ?? 0;
    this.#inAll -= bytes;
    this.#waiting.set(writer, waiting - bytes);
    this.#garbage.passed(bytes);
  }

  /** Bytes of a host were taken in: what becomes of them is soon nobody's either. */
  takenIn(bytes: number): void {
    this.#garbage.passed(bytes);
  }

  /** A host is gone, and what waited for it. */
  forget(writer: FrameWriter): void {
    this.remove(writer, this.#waiting.get(writer) ?? 0);
    this.#waiting.delete(writer);
  }

  /** Ends the counting. */
  [Symbol.dispose](): void {
    this.#garbage[Symbol.dispose]();
  }

  #most(): FrameWriter {
    return [...this.#waiting].reduce((most, each) => each[1] > most[1] ? each : most)[0];
  }
}

/** A frame that waits. */
interface Waiting {
  parts: readonly string[];
  bytes: number;
}

/** Bytes that are encoded at a time: what a pipe takes at once. */
const pieceBytes = 64 * 1024;

/** What a {@linkcode FrameWriter} needs. */
export interface FrameWriterDeps {
  /** Counts what waits. */
  unread: UnreadBytes;
  /** Called once: the host reads too slowly, or not at all any more. */
  onGivenUp(): void;
}

/** Writes frames to the standard input of one host, in order. */
export class FrameWriter {
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #deps: FrameWriterDeps;
  readonly #waiting: Waiting[] = [];
  #isWriting = false;
  #isOpen = true;

  /** Writes to a stream that nobody else writes to. */
  constructor(stdin: WritableStream<Uint8Array>, deps: FrameWriterDeps) {
    this.#stdin = stdin.getWriter();
    this.#deps = deps;
  }

  /** Writes one frame, whose text comes in parts; once given up, nothing is written. */
  write(...parts: string[]): void {
    if (!this.#isOpen) return;
    const bytes = parts.reduce((sum, part) => sum + utf8Length(part), 0);
    this.#waiting.push({ parts, bytes });
    this.#deps.unread.add(this, bytes);
    if (!this.#isWriting) void this.#writeAll();
  }

  /** Drops what waits and tells so; nothing is written from here on. */
  giveUp(): void {
    if (!this.#isOpen) return;
    this.#drop();
    this.#deps.onGivenUp();
  }

  /** Closes the stream of a host that is gone. */
  async close(): Promise<void> {
    this.#drop();
    await this.#stdin.close().catch(() => this.#stdin.abort().catch(() => undefined));
  }

  #drop(): void {
    this.#isOpen = false;
    this.#waiting.length = 0;
    this.#deps.unread.forget(this);
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        await this.#writeFrame(next);
        if (this.#isOpen) this.#deps.unread.remove(this, next.bytes);
      }
    } catch {
      // A pipe that broke means a host that died, and its exit says so.
      this.giveUp();
    }
    this.#isWriting = false;
  }

  async #writeFrame({ parts, bytes }: Waiting): Promise<void> {
    const buffer = new Uint8Array(Math.min(pieceBytes, bytes + 8));
    for (const piece of framePieces(parts, bytes, buffer)) {
      if (!this.#isOpen) return;
      await this.#stdin.write(piece);
    }
  }
}
