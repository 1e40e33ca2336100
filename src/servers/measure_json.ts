/** How deep and how large a JSON value is, found without recursion. @module */

/** What {@linkcode measureJson} found. */
export interface JsonMeasure {
  /** Nesting of objects and lists: 0 for `1`, 1 for `[]`. One more than the bound where it is deeper. */
  depth: number;
  /** Objects in it, itself included. */
  objects: number;
}

/** Measures a value that came out of `JSON.parse()`. Looks no deeper than `maxDepth` + 1. */
export function measureJson(value: unknown, maxDepth: number): JsonMeasure {
  let objects = 0;
  let depth = 0;
  let level = [value].filter(isContainer);
  while (level.length > 0) {
    depth++;
    if (depth > maxDepth) break;
    objects += level.filter((container) => !Array.isArray(container)).length;
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return { depth, objects };
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
