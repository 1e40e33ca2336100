/**
 * Any value as text, as Deno's console would show it. It calls no getter, does
 * a bounded amount of work, and never throws: what it shows may be hostile.
 * @module
 */

import { bodyOf } from "./inspect_bodies.ts";
import type { Walk } from "./inspect_entries.ts";
import { layOut, primitiveText } from "./inspect_text.ts";
import { arrayPush, mapGet, mapSet } from "./primordials.ts";
import { utf8Length, utf8Prefix } from "./utf8.ts";

/** Options of {@linkcode inspect}. */
export interface InspectOptions {
  /**
   * Longest text, in UTF-8 bytes, the notice of what was cut included.
   * @default {16384}
   */
  maxBytes?: number;
  /**
   * Levels of objects within objects that are shown.
   * @default {4}
   */
  depth?: number;
}

/** Values that are looked at, in all. */
const maxNodes = 10_000;
/** Holes of sparse arrays that are counted, in all. */
const maxHoles = 10_000;
const noticeBytes = 32;
const NativeMap = Map;

/** A value as text. */
export function inspect(value: unknown, options: InspectOptions = {}): string {
  const { maxBytes = 16_384, depth = 4 } = options;
  if (typeof value === "string") return cutText(value, maxBytes);
  try {
    return cutText(createWalk(maxBytes, depth).show(value), maxBytes);
  } catch {
    return "[Unreadable]"; // the stack is at its end
  }
}

/** A text of at most `maxBytes` bytes that says how many more there were. */
export function cutText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const bytes = utf8Length(text);
  if (bytes <= maxBytes) return text;
  const kept = utf8Prefix(text, maxBytes > noticeBytes ? maxBytes - noticeBytes : 0);
  return `${kept}... ${bytes - utf8Length(kept)} more bytes`;
}

function createWalk(maxBytes: number, depth: number): Walk {
  /** The numbers of the objects that contain themselves. */
  const circular = new NativeMap<object, number>();
  let circularCount = 0;
  const walk: Walk = {
    depth,
    nodesLeft: maxNodes,
    charsLeft: maxBytes - 2 * noticeBytes,
    holesLeft: maxHoles,
    path: [],
    show(value) {
      walk.nodesLeft--;
      if (typeof value === "function" || (typeof value === "object" && value !== null)) {
        return showObject(value);
      }
      const text = primitiveText(value);
      walk.charsLeft -= text.length + 2;
      return text;
    },
  };
  return walk;

  function showObject(object: object): string {
    const { path } = walk;
    for (let i = 0; i < path.length; i++) {
      if (path[i] === object) return `[Circular *${circularNumber(object)}]`;
    }
    const level = path.length;
    arrayPush(path, object);
    try {
      const text = layOut(bodyOf(object, walk), level);
      walk.charsLeft -= 4;
      const number = mapGet(circular, object);
      return number === undefined ? text : `<ref *${number}> ${text}`;
    } catch {
      return "[Proxy]"; // only its traps, or the end of the stack, can throw here
    } finally {
      path.length = level;
    }
  }

  function circularNumber(object: object): number {
    const known = mapGet(circular, object);
    if (known !== undefined) return known;
    mapSet(circular, object, ++circularCount);
    return circularCount;
  }
}
