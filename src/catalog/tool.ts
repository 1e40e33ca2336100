/** What a tool is, as its server lists it and as the catalog holds it. @module */

/** A JSON Schema of a stranger: hostile data, never fetched from, never compiled to code. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

/** Hints of a server about its tool (MCP `annotations`). Claims, not facts. */
export interface ToolAnnotations {
  /** It changes nothing. */
  readOnlyHint?: boolean;
  /** It may destroy something. */
  destructiveHint?: boolean;
  /** Called twice it does what it does called once. */
  idempotentHint?: boolean;
  /** It reaches beyond its server. */
  openWorldHint?: boolean;
}

/** A tool as its server lists it, after the listing was validated. */
export interface ListedTool {
  /** What the server calls it: any text of 1 to 256 characters. */
  readonly name: string;
  /** A name for people. */
  readonly title?: string;
  /** What it does, in the server's words. Hostile text. */
  readonly description?: string;
  /** Schema of its arguments. */
  readonly inputSchema: JsonSchema;
  /** Schema of its structured answer; most servers give none. */
  readonly outputSchema?: JsonSchema;
  /** The server's hints. */
  readonly annotations?: ToolAnnotations;
  /** Why it may not be called for now. @default {it may be} */
  readonly blocked?: string;
}

/** A tool of the catalog: one callable thing, under the name that code uses. */
export interface Tool extends Omit<ListedTool, "name"> {
  /** What code calls: `shop.top_products`. */
  readonly name: string;
  /** The key its server was configured with, as written there. */
  readonly server: string;
  /** What the server calls it. */
  readonly tool: string;
  /** First half of `name`: the identifier that stands for the server. */
  readonly namespace: string;
  /** Second half of `name`: the identifier that stands for the tool. */
  readonly member: string;
  /** Hash of `{name, description, inputSchema, outputSchema}` as listed. */
  readonly hash: string;
  /** Form of the answers seen so far, where the server promises none. A finding, not a promise. */
  readonly observed?: JsonSchema;
}

/** A tool that was listed but is kept out of the catalog. */
export interface QuarantinedTool {
  /** What the server calls it, shortened where it has no usable name. */
  readonly tool: string;
  /** Why it cannot be used, in a sentence. */
  readonly reason: string;
}
