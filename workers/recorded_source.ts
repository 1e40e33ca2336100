/** Time and chance of a durable run: from the record, so that the same code does the same again. @module */

import type { DurableStart } from "../src/protocol/messages.ts";

/** Where a durable run takes time and random bytes from. */
export interface RecordedSource {
  /** Milliseconds since the run began, as far as the record goes. */
  now(): number;
  /** Fills bytes. */
  random(bytes: Uint8Array): void;
  /** Reads the time out of an answer, by its first letters; never goes back. */
  note(answer: string): void;
}

const marked = /^\{"at":(\d{1,16}),/;

/** Makes it from what the record says of the start. */
export function recordedSource({ at: start, seed }: DurableStart): RecordedSource {
  let now = start;
  const next = generator(seed);
  return {
    now: () => now - start,
    random(bytes) {
      for (let at = 0; at < bytes.length; at++) bytes[at] = next() >>> 24;
    },
    note(answer) {
      const at = Number(marked.exec(answer)?.[1] ?? 0);
      if (at > now) now = at;
    },
  };
}

/** Numbers of 32 bits by sfc32 (Doty-Humphrey), from a seed of 32 hexadecimal digits. */
function generator(seed: string): () => number {
  let [a, b, c, d] = [0, 8, 16, 24].map((at) => parseInt(seed.slice(at, at + 8), 16) | 0);
  const next = () => {
    const sum = (a + b | 0) + d | 0;
    d = d + 1 | 0;
    a = b ^ b >>> 9;
    b = c + (c << 3) | 0;
    c = (c << 21 | c >>> 11) + sum | 0;
    return sum;
  };
  for (let rounds = 0; rounds < 16; rounds++) next();
  return next;
}
