/** A server's tools as the catalog knows them, read again when they change. @module */

import type { ToolListing } from "./list_tools.ts";

/** What a {@linkcode ToolWatch} needs. */
export interface ToolWatchDeps {
  /** Asks for the tools; `undefined` where there is nobody to ask, or it came too late. */
  read(): Promise<ToolListing | undefined>;
  /** Takes what was read. */
  publish(listing: ToolListing): void;
  /** Told why they were not read again. */
  onFailure(error: unknown): void;
}

/** Keeps the latest listing; changes that come while it is read are read in one go afterwards. */
export class ToolWatch {
  readonly #deps: ToolWatchDeps;
  #listing: ToolListing = { tools: [], quarantined: [] };
  #isStale = false;
  #reading?: Promise<void>;

  /** Knows of no tools yet. */
  constructor(deps: ToolWatchDeps) {
    this.#deps = deps;
  }

  /** What was read last. */
  get listing(): ToolListing {
    return this.#listing;
  }

  /** Whether something changed that was not read yet. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** A new connection begins: what changed before it is read with it. */
  begin(): void {
    this.#isStale = false;
  }

  /** Takes a listing. */
  take(listing: ToolListing): void {
    this.#listing = listing;
    this.#deps.publish(listing);
  }

  /** Something changed, before anybody can be asked. */
  mark(): void {
    this.#isStale = true;
  }

  /** Something changed: reads the tools again. */
  note(): void {
    this.#isStale = true;
    this.#reading ??= this.#readAgain().finally(() => {
      this.#reading = undefined;
      if (this.#isStale) this.note();
    });
  }

  /** Resolves when nothing is being read. */
  async idle(): Promise<void> {
    await this.#reading;
  }

  async #readAgain(): Promise<void> {
    this.#isStale = false;
    try {
      const listing = await this.#deps.read();
      if (listing !== undefined) this.take(listing);
    } catch (error) {
      this.#deps.onFailure(error);
    }
  }
}
