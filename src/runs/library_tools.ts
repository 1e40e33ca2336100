/** The tools for code that has an Airlock in its own process. @module */

import type { PendingChange } from "../catalog/pins.ts";
import { localPrincipal, type Principal } from "../grants/principal.ts";
import type { SearchOptions, ToolItem } from "../search/tool_item.ts";
import type { ToolDirectory } from "./tool_directory.ts";

/** The tools, as a library sees them: those of `local`, unless told otherwise. */
export interface AirlockTools {
  /** Best first; without a query all, in order of name. */
  search(query?: string, options?: SearchOptions, principal?: Principal): ToolItem[];
  /** Ambient TypeScript declarations. */
  types(globs?: readonly string[], principal?: Principal): string;
  /** The change of a tool that waits to be accepted. @throws {AirlockError} `not_found` */
  pendingChange(name: string, principal?: Principal): PendingChange | undefined;
  /** Accepts it, by its hash. @throws {AirlockError} `not_found`, or `conflict` where it is none. */
  accept(name: string, hash: string, principal?: Principal): Promise<void>;
}

/** Gives the tools of a directory by name, on behalf of a principal. */
export function libraryTools(tools: ToolDirectory): AirlockTools {
  return {
    search: (query, given = {}, principal = localPrincipal) =>
      tools.searchFor(query, given, principal),
    types: (globs = ["*"], principal = localPrincipal) => tools.declarations(globs, principal),
    pendingChange: (name, principal = localPrincipal) =>
      tools.pendingChange(tools.findFor(name, principal)),
    accept: async (name, hash, principal = localPrincipal) =>
      await tools.accept(tools.findFor(name, principal), hash),
  };
}
