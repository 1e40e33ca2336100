/** What the command line needs of an Airlock, be it in this process or in another one. @module */

import type { PendingChange } from "../catalog/pins.ts";
import type { Principal } from "../grants/principal.ts";
import type { PeerInfo } from "../http/http_deps.ts";
import type { ServerState } from "../servers/server_state.ts";
import type { McpServerDeps } from "../mcp_server/mcp_server_deps.ts";
import type { ApprovalService, RunService } from "../runs/run_service.ts";
import type { SearchOptions, ToolItem } from "../search/tool_item.ts";

/** A value, at once or later: what is at hand here may be behind HTTP there. */
export type Awaitable<T> = T | Promise<T>;

/** Public keys of receipts. */
export interface Jwks {
  /** The keys, as JWK. */
  keys: unknown[];
}

/** A change of a tool, as far as commands show it. */
export type ShownChange = Pick<PendingChange, "hash" | "diff">;

/** Tools, as commands show them. */
export interface CliTools {
  /** Without a query all, in order of name. */
  search(
    query: string | undefined,
    options: SearchOptions,
    principal: Principal,
  ): Awaitable<ToolItem[]>;
  /** TypeScript declarations of the tools that match one of the globs. */
  types(globs: readonly string[], principal: Principal): Awaitable<string>;
  /** The change of a tool that waits to be accepted. */
  pendingChange(name: string, principal: Principal): Awaitable<ShownChange | undefined>;
  /** Accepts the change with this hash. */
  accept(name: string, hash: string, principal: Principal): Promise<void>;
}

/** An Airlock that commands can use. */
export interface CliAirlock {
  /** Runs code. */
  readonly runs: RunService;
  /** What waits for a person. */
  readonly approvals: ApprovalService;
  /** Finds and declares tools. */
  readonly tools: CliTools;
  /** The upstreams. */
  readonly servers: {
    states(): Awaitable<ServerState[]>;
    /** Begins a login; gives the page where a person goes on with it. */
    login(name: string): Promise<{ url: string }>;
    /** Resolves when every server is past its first attempt to connect. */
    ready(): Promise<void>;
  };
  /** Public keys of the receipts. */
  readonly receipts: { jwks(): Awaitable<Jwks> };
  /** What `airlock mcp` serves. */
  readonly mcpDeps: McpServerDeps;
  /** What `airlock mcp --mode passthrough` serves, until the input ends or the signal fires. */
  servePassThrough(principal: Principal, options: { signal: AbortSignal }): Promise<void>;
  /** Ends what this process holds: servers, runs, database. Another process's Airlock goes on. */
  close(): Promise<void>;
}

/** An Airlock in this process: it can answer HTTP as well. */
export interface LocalAirlock extends CliAirlock {
  /** What protects this machine from the code, by layer. */
  readiness(): { isolation: Record<string, unknown> };
  /** Says where it listens: answers to logins are taken there. */
  listensAt?(url: string): void;
  /** Answers an HTTP request. */
  fetch(request: Request, info?: PeerInfo): Promise<Response>;
  /** Takes no more runs in, and cancels those under way; resolves when their state is stored. */
  stopRuns(): Promise<void>;
}

/** An Airlock that was opened for a command. */
export interface OpenedAirlock {
  /** What the command works with. */
  readonly airlock: CliAirlock;
  /** On whose behalf the command acts. */
  readonly principal: Principal;
  /** Where it listens, here or in the process that owns the data folder. */
  readonly url?: string;
  /** Its data folder. */
  readonly data: string;
  /** What protects this machine from the code, by layer; known to the owner only. */
  isolation(): Record<string, unknown>;
  /** Ends it: stops listening, gives the folder up. */
  close(): Promise<void>;
}

/** What may be said about the Airlock on any command. */
export interface OpenOptions {
  /** `--config` */
  configFile?: string;
  /** `--mcp-config`, as often as it was given. */
  mcpConfigFiles?: string[];
  /** `--host` */
  host?: string;
  /** `--port` */
  port?: number;
  /** `--data` */
  data?: string;
  /** `owner`: this process must own the folder and listens where it is configured to. @default {"any"} */
  role?: "owner" | "any";
}
