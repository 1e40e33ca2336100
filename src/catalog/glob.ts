/** Globs over names of tools: `*` stands for any text, dots included; all else for itself. @module */

import type { Tool } from "./tool.ts";

/**
 * Whether a glob covers a name. Takes the pieces between the stars one after
 * the other, each at its first place, so that no glob of a stranger is slow.
 *
 * @example Usage
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * import { matchesGlob } from "./glob.ts";
 * strictEqual(matchesGlob("github.delete_*", "github.delete_repo"), true);
 * strictEqual(matchesGlob("github", "github.delete_repo"), false);
 * ```
 */
export function matchesGlob(glob: string, name: string): boolean {
  const [first, ...others] = glob.split("*");
  const last = others.pop();
  if (last === undefined) return glob === name;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of others) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at + last.length <= name.length && name.endsWith(last);
}

/** Whether a glob covers a tool, by the name code uses or by `server.originalTool`. */
export function matchesTool(glob: string, tool: Tool): boolean {
  return matchesGlob(glob, tool.name) || matchesGlob(glob, `${tool.server}.${tool.tool}`);
}
