/**
 * Collects what large answers leave behind. The engine sees no hurry in it: an
 * idle server would keep a flood's worth of dead texts for good. @module
 */

import v8 from "node:v8";
import vm from "node:vm";

/** What a {@linkcode GarbageCollector} does, and when. */
export interface GarbageCollectorOptions {
  /** Bytes passed on after which it is worth the while. @default {16777216} */
  minBytes?: number;
  /** How long nothing must have passed by then, milliseconds. @default {200} */
  quietMs?: number;
  /** Bytes passed on after which it is done without waiting for quiet. @default {33554432} */
  maxBytes?: number;
  /** Collects. @default {the engine's own collector} */
  collect?: () => void;
}

/** Counts the bytes that pass through, and collects after so many of them, once there is quiet. */
export class GarbageCollector implements Disposable {
  readonly #options: Required<GarbageCollectorOptions>;
  #passed = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** With nothing passed yet. */
  constructor(options: GarbageCollectorOptions = {}) {
    const { collect = engineCollector() } = options;
    this.#options = { minBytes: 16 << 20, quietMs: 200, maxBytes: 32 << 20, ...options, collect };
  }

  /** Counts bytes that were passed on, and that nobody holds any more. */
  passed(bytes: number): void {
    const { minBytes, quietMs, maxBytes } = this.#options;
    this.#passed += bytes;
    if (this.#passed < minBytes) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#collect(), this.#passed < maxBytes ? quietMs : 0);
    Deno.unrefTimer(this.#timer);
  }

  /** Collects no more. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #collect(): void {
    this.#passed = 0;
    this.#options.collect();
  }
}

/** The engine's collector: it hands it out to a context that is made while its flag is set. */
function engineCollector(): () => void {
  v8.setFlagsFromString("--expose-gc");
  const collect: unknown = vm.runInNewContext("globalThis.gc");
  v8.setFlagsFromString("--no-expose-gc");
  return typeof collect === "function" ? () => void collect() : () => {};
}
