/** The tools as people and clients see them: found, shown, declared, accepted. @module */

import type { Catalog } from "../catalog/catalog.ts";
import { matchesTool } from "../catalog/glob.ts";
import type { PendingChange, Pins } from "../catalog/pins.ts";
import type { Tool } from "../catalog/tool.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import type { Principal } from "../grants/principal.ts";
import { mayCall } from "../grants/run_grants.ts";
import type { Detail, SearchOptions, ToolItem } from "../search/tool_item.ts";
import type { ToolSearch, ToolSearchOptions } from "../search/tool_search.ts";
import { declareApi } from "../typescript/declare_tools.ts";

/** What a {@linkcode ToolDirectory} needs. */
export interface ToolDirectoryDeps {
  /** All tools. */
  catalog: Pick<Catalog, "snapshot">;
  /** Finds and shows them. */
  search: Pick<ToolSearch, "search" | "item">;
  /** Knows which of them changed. */
  pins: Pick<Pins, "pendingChange" | "accept">;
}

const maxShownName = 256;

/** Shows the tools of the catalog as they are at the moment. */
export class ToolDirectory {
  readonly #deps: ToolDirectoryDeps;

  /** Shows the tools of a catalog. */
  constructor(deps: ToolDirectoryDeps) {
    this.#deps = deps;
  }

  /** Best first; without a query all, in order of name. */
  search(query: string | undefined, options: ToolSearchOptions): ToolItem[] {
    return this.#deps.search.search(query, options);
  }

  /** The same, of the tools that a principal may call. */
  searchFor(query: string | undefined, options: SearchOptions, principal: Principal): ToolItem[] {
    return this.search(query, { ...options, allows: (tool) => mayCall(principal, tool) });
  }

  /** By the name code uses or by `server.originalTool`. */
  find(name: string): Tool | undefined {
    return this.#deps.catalog.snapshot().find(name);
  }

  /** One tool as it is shown. */
  item(tool: Tool, detail: Detail): ToolItem {
    return this.#deps.search.item(tool, detail);
  }

  /** Ambient declarations of the tools these globs match and the principal may call. */
  declarations(globs: readonly string[], principal: Principal): string {
    const tools = this.#deps.catalog.snapshot().tools.filter((tool) =>
      mayCall(principal, tool) && globs.some((glob) => matchesTool(glob, tool))
    );
    return declareApi(tools);
  }

  /** The change of a tool that waits to be accepted. */
  pendingChange(tool: Tool): PendingChange | undefined {
    return this.#deps.pins.pendingChange(tool);
  }

  /**
   * Accepts it.
   *
   * @throws {AirlockError} `conflict` where no change with this hash is pending.
   */
  async accept(tool: Tool, hash: string): Promise<void> {
    await this.#deps.pins.accept(tool, hash);
  }

  /**
   * A tool that the principal may call; of others nobody learns that they are there.
   *
   * @throws {AirlockError} `not_found`.
   */
  findFor(name: string, principal: Principal): Tool {
    const tool = this.find(name);
    if (tool !== undefined && mayCall(principal, tool)) return tool;
    const shown = JSON.stringify(name.slice(0, maxShownName));
    throw new AirlockError("not_found", `Cannot find the tool ${shown}: it does not exist`);
  }
}
