/**
 * Collects what large answers leave behind. The engine sees no hurry in it: an
 * idle server would keep a flood's worth of dead texts for good. @module
 */

import v8 from "node:v8";
import vm from "node:vm";

/** What {@linkcode GarbageCollector} does, and when. */
export interface GarbageCollectorOptions {
  /** Bytes passed on after which the young ones are collected, which takes a few milliseconds. @default {4194304} */
  minorBytes?: number;
  /** Bytes passed on after which all are collected, once there is quiet. @default {16777216} */
  fullBytes?: number;
  /** How long nothing is passed on before there is quiet, milliseconds. @default {500} */
  quietMs?: number;
  /** Collects. @default {the engine's own collector} */
  collect?: (type: "minor" | "major") => void;
}

/** Counts the bytes that pass through, and collects after so many of them. */
export class GarbageCollector {
  readonly #options: Required<GarbageCollectorOptions>;
  #sinceMinor = 0;
  #sinceFull = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** With nothing passed yet. */
  constructor(options: GarbageCollectorOptions = {}) {
    this.#options = {
      minorBytes: 4 << 20,
      fullBytes: 16 << 20,
      quietMs: 500,
      collect: engineCollector(),
      ...options,
    };
  }

  /** Counts bytes that were passed on, and of which nothing is needed any more. */
  passed(bytes: number): void {
    const { minorBytes, fullBytes, quietMs, collect } = this.#options;
    this.#sinceMinor += bytes;
    this.#sinceFull += bytes;
    if (this.#sinceMinor >= minorBytes) {
      this.#sinceMinor = 0;
      collect("minor");
    }
    if (this.#sinceFull < fullBytes) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#collectAll(), quietMs);
    Deno.unrefTimer(this.#timer);
  }

  /** Stops waiting for quiet. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #collectAll(): void {
    this.#sinceFull = 0;
    this.#options.collect("major");
  }
}

/** The engine's collector, which it hands out to a context made after it was told to. */
function engineCollector(): (type: "minor" | "major") => void {
  v8.setFlagsFromString("--expose-gc");
  const collect: unknown = vm.runInNewContext("gc");
  v8.setFlagsFromString("--no-expose-gc");
  if (typeof collect !== "function") return () => {};
  return (type) => void collect({ type });
}
