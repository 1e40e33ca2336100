/** Finds tools by what people call them. @module */

import MiniSearch from "minisearch";
import type { Catalog, CatalogSnapshot } from "../catalog/catalog.ts";
import { showHidden } from "../catalog/show_hidden.ts";
import type { Tool } from "../catalog/tool.ts";
import { visibleSchema } from "../catalog/visible_schema.ts";
import { type SearchDocument, searchDocument } from "./search_document.ts";
import { summarize } from "./summarize.ts";
import { synonymsOf } from "./synonyms.ts";
import type { Detail, SearchOptions, ToolItem } from "./tool_item.ts";
import { splitWords, stemWord } from "./words.ts";

/** What {@linkcode ToolSearch} needs. */
export interface ToolSearchDeps {
  /** The tools to search; the index follows their changes. */
  catalog: Pick<Catalog, "snapshot" | "onChange">;
  /** A tool in one line. */
  signatureOf(tool: Tool): string;
  /** A tool with its types and doc comments. */
  declare(tool: Tool): string;
}

/** Options of a search. */
export interface ToolSearchOptions extends SearchOptions {
  /** Which tools the caller may see. @default {all} */
  allows?: (tool: Tool) => boolean;
}

const maxQueryChars = 500;
const maxQueryWords = 32;
const defaultHits = 10;
const synonymWeight = 0.3;

/** The index of a catalog's tools. Ends its subscription when disposed of. */
export class ToolSearch {
  readonly #deps: ToolSearchDeps;
  readonly #index = newIndex();
  readonly #indexed = new Map<string, { tool: Tool; document: SearchDocument }>();
  readonly #signatures = new WeakMap<Tool, string>();
  readonly #unsubscribe: () => void;

  /** Indexes what is there and follows the catalog from now on. */
  constructor(deps: ToolSearchDeps) {
    this.#deps = deps;
    this.#follow(deps.catalog.snapshot());
    this.#unsubscribe = deps.catalog.onChange((snapshot) => this.#follow(snapshot));
  }

  /**
   * Tools that fit a query, best first; without a query all, in order of name.
   * A query that is a tool's name, in any form, finds that tool first.
   */
  search(query: string | undefined, options: ToolSearchOptions = {}): ToolItem[] {
    const { server, detail = "signatures", allows = () => true } = options;
    const text = query?.slice(0, maxQueryChars).trim() ?? "";
    const limit = options.limit ?? (text === "" ? Infinity : defaultHits);
    const isWanted = (tool: Tool) =>
      (server === undefined || tool.server === server || tool.namespace === server) && allows(tool);
    const found = text === "" ? this.#deps.catalog.snapshot().tools : this.#find(text);
    return found.filter(isWanted).slice(0, limit).map((tool) => this.item(tool, detail));
  }

  /** How a tool is shown: names alone, with its signature, or with everything. */
  item(tool: Tool, detail: Detail): ToolItem {
    const { name, server, title, inputSchema, outputSchema } = tool;
    const item: ToolItem = {
      name,
      server,
      tool: showHidden(tool.tool),
      ...(title === undefined ? {} : { title: summarize(title) }),
      summary: summarize(tool.description ?? title ?? ""),
      ...(tool.blocked === undefined ? {} : { blocked: tool.blocked }),
    };
    const observed = outputSchema === undefined && tool.observed !== undefined
      ? { observed: true }
      : {};
    switch (detail) {
      case "names":
        return item;
      case "signatures":
        return { ...item, signature: this.#signature(tool), ...observed };
      case "full":
        return {
          ...item,
          signature: this.#signature(tool),
          declaration: this.#deps.declare(tool),
          inputSchema: visibleSchema(inputSchema),
          ...(outputSchema === undefined ? {} : { outputSchema: visibleSchema(outputSchema) }),
          ...observed,
        };
      default:
        return detail satisfies never;
    }
  }

  /** Stops following the catalog. */
  [Symbol.dispose](): void {
    this.#unsubscribe();
  }

  #signature(tool: Tool): string {
    const signature = this.#signatures.get(tool) ?? this.#deps.signatureOf(tool);
    this.#signatures.set(tool, signature);
    return signature;
  }

  /** Named tools, then tools that fit, best first. */
  #find(text: string): Tool[] {
    const { tools, find } = this.#deps.catalog.snapshot();
    const named = find(text);
    const sameName = tools.filter(({ tool, member }) => tool === text || member === text);
    const words = splitWords(text).slice(0, maxQueryWords);
    const asked = new Set(words.map(stemWord));
    const hits = this.#index.search(text, {
      tokenize: () => words,
      processTerm: withSynonyms,
      boostTerm: (term) => asked.has(term) ? 1 : synonymWeight,
      prefix: (term) => term.length > 2 && asked.has(term),
      fuzzy: (term) => asked.has(term) && mayMistype(term.length),
    }).map(({ id }) => this.#indexed.get(id)?.tool);
    const all = new Set([named, ...sameName, ...hits]);
    return [...all].filter((tool) => tool !== undefined);
  }

  /** Takes up what changed, and no more: the index is never built anew. */
  #follow({ tools }: CatalogSnapshot): void {
    const current = new Set(tools);
    for (const { tool, document } of this.#indexed.values()) {
      if (current.has(tool)) continue;
      this.#index.remove(document);
      this.#indexed.delete(tool.name);
    }
    for (const tool of tools) {
      if (this.#indexed.has(tool.name)) continue;
      const document = searchDocument(tool);
      this.#index.add(document);
      this.#indexed.set(tool.name, { tool, document });
    }
  }
}

function withSynonyms(word: string): string[] {
  const stem = stemWord(word);
  return stem === undefined ? [] : [stem, ...synonymsOf(stem)];
}

/** How many letters of a word may be wrong; two that changed places count as two. */
function mayMistype(letters: number): number | false {
  if (letters < 5) return false;
  return letters < 7 ? 1 : 2;
}

function newIndex(): MiniSearch<SearchDocument> {
  return new MiniSearch<SearchDocument>({
    fields: ["name", "server", "title", "purpose", "details", "parameters"],
    tokenize: splitWords,
    processTerm: stemWord,
    searchOptions: {
      boost: { name: 4, server: 3, title: 2, purpose: 2, details: 0.7, parameters: 0.5 },
    },
  });
}
