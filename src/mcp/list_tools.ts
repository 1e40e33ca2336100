/** Asks a server for its tools, so that no bad tool costs the others. @module */

import { ProtocolError, ProtocolErrorCode, SdkHttpError } from "@modelcontextprotocol/client";
import type { Client } from "@modelcontextprotocol/client";
import { z } from "zod";
import type { ListedTool, QuarantinedTool } from "../catalog/tool.ts";
import { headerProblem } from "./header_problem.ts";
import { parseTool } from "./parse_tool.ts";
import type { ParsedTool } from "./parse_tool.ts";

/** Most pages that are asked for. */
const maxPages = 64;

/** Most tools that are taken from one server. */
const maxTools = 10_000;

/** Longest cursor that is sent back, in characters. */
const maxCursorChars = 65_536;

/** A page as loose as can be: the SDK's own schema loses all tools over one that is bad. */
const page = z.looseObject({
  tools: z.array(z.unknown()),
  nextCursor: z.string().max(maxCursorChars).nullish(),
});

/** What a server lists. */
export interface ToolListing {
  /** Tools that can be used, in the server's order. */
  readonly tools: readonly ListedTool[];
  /** Those that cannot, and why. */
  readonly quarantined: readonly QuarantinedTool[];
}

/** Options of {@linkcode listTools}. */
export interface ListToolsOptions {
  /** Ends it. */
  signal: AbortSignal;
  /** How long each page may take. */
  timeoutMs: number;
}

/** Reads all pages of `tools/list`. A server that knows no tools at all has none. */
export async function listTools(client: Client, options: ListToolsOptions): Promise<ToolListing> {
  const listing = new Listing(client.getProtocolEra() === "modern");
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let pages = 1; listing.problem === undefined; pages++) {
    const { tools, nextCursor } = await askForPage(client, cursor, options);
    for (const raw of tools) listing.add(raw);
    if (typeof nextCursor !== "string") break;
    if (cursors.has(nextCursor)) listing.stop("the server repeats a cursor");
    if (pages === maxPages) listing.stop(`there are more than ${maxPages} pages`);
    cursors.add(nextCursor);
    cursor = nextCursor;
  }
  return listing;
}

async function askForPage(
  client: Client,
  cursor: string | undefined,
  { signal, timeoutMs }: ListToolsOptions,
): Promise<z.infer<typeof page>> {
  const params = cursor === undefined ? {} : { cursor };
  try {
    const request = { method: "tools/list", params };
    return await client.request(request, page, { signal, timeout: timeoutMs });
  } catch (error) {
    const hasNoTools = cursor === undefined && saysUnknownMethod(error, client);
    if (hasNoTools) return { tools: [] };
    throw error;
  }
}

/** A server that knows no tools says so by an error; over HTTP, one of 2026 by status 404. */
function saysUnknownMethod(error: unknown, client: Client): boolean {
  if (error instanceof ProtocolError) return error.code === ProtocolErrorCode.MethodNotFound;
  return error instanceof SdkHttpError && error.status === 404 &&
    client.getProtocolEra() === "modern" && client.getServerCapabilities()?.tools === undefined;
}

/** A list as it grows. */
class Listing implements ToolListing {
  readonly tools: ListedTool[] = [];
  readonly quarantined: QuarantinedTool[] = [];
  readonly #names = new Set<string>();
  #seen = 0;
  readonly #isModern: boolean;
  #problem?: string;

  constructor(isModern: boolean) {
    this.#isModern = isModern;
  }

  /** Why the rest is not read. */
  get problem(): string | undefined {
    return this.#problem;
  }

  add(raw: unknown): void {
    if (this.#problem !== undefined) return;
    if (this.#seen === maxTools) return this.stop(`there are more than ${maxTools} tools`);
    const parsed = this.#parse(raw);
    if ("quarantined" in parsed) {
      this.quarantined.push(parsed.quarantined);
    } else if (this.#names.has(parsed.tool.name)) {
      const reason = "Cannot use the tool: another one has the same name";
      this.quarantined.push({ tool: parsed.tool.name, reason });
    } else {
      this.#names.add(parsed.tool.name);
      this.tools.push(parsed.tool);
    }
  }

  /** On 2026 connections arguments may travel in headers, where their schema says so rightly. */
  #parse(raw: unknown): ParsedTool {
    const parsed = parseTool(raw, this.#seen++);
    if ("quarantined" in parsed || !this.#isModern) return parsed;
    const reason = headerProblem(parsed.tool.inputSchema);
    return reason === undefined ? parsed : { quarantined: { tool: parsed.tool.name, reason } };
  }

  /** Says among the quarantined ones that the list is not whole. */
  stop(problem: string): void {
    this.#problem = problem;
    this.quarantined.push({
      tool: "(further tools)",
      reason: `Cannot read the list on: ${problem}`,
    });
  }
}
