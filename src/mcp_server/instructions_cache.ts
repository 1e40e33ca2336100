/** Keeps instructions for a few seconds: over HTTP every request has an instance of its own. @module */

import type { Principal } from "../grants/principal.ts";
import { writeInstructions } from "../prompts/instructions.ts";
import type { McpServerDeps } from "./mcp_server_deps.ts";

/** How long a text is kept while the servers stay as they are, milliseconds. */
const KEEP_MS = 5000;
/** Texts that are kept. */
const MAX_KEPT = 100;

/** Instructions by principal, written anew when servers change and every few seconds. */
export class InstructionsCache {
  readonly #deps: McpServerDeps;
  readonly #now: () => number;
  readonly #texts = new Map<string, Promise<string>>();

  constructor(deps: McpServerDeps, now: () => number = Date.now) {
    this.#deps = deps;
    this.#now = now;
  }

  /** The instructions for a principal. */
  async for(principal: Principal): Promise<string> {
    const period = Math.floor(this.#now() / KEEP_MS);
    const key = JSON.stringify([principal, await this.#deps.servers(), period]);
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    if (this.#texts.size >= MAX_KEPT) this.#texts.clear();
    const text = writeInstructions(this.#deps, principal);
    this.#texts.set(key, text);
    return text;
  }
}
