/** What the HTTP surface needs of the rest of Airlock. @module */

import type { Agents } from "../agent/agents.ts";
import type { PendingChange } from "../catalog/pins.ts";
import type { Tool } from "../catalog/tool.ts";
import type { Config } from "../config/config.ts";
import type { Principal } from "../grants/principal.ts";
import type { Schedules } from "../schedules/schedules.ts";
import type { ServerState } from "../servers/server_state.ts";
import type { Json } from "../protocol/json.ts";
import type { ApprovalService, Page, RunService } from "../runs/run_service.ts";
import type { SkillStore } from "../skills/skill_store.ts";
import type { SqlDatabases } from "../sql/sql_databases.ts";
import type { Detail, SearchOptions, ToolItem } from "../search/tool_item.ts";

/** Everything the routes call. */
export interface HttpDeps {
  /** Bounds, keys, rules and accepted names. */
  config: Pick<Config, "limits" | "keys" | "policy" | "listen">;
  /** Past and present runs. */
  runs: RunService;
  /** What waits for a person. */
  approvals: ApprovalService;
  /** The tools of the catalog. */
  tools: ToolDirectory;
  /** The upstreams. */
  servers: ServerDirectory;
  /** Agents and what they keep. @default {there are none} */
  agents?: AgentParts;
  /** Takes the answer to a login, good once; gives the server that was logged in to. */
  finishLogin(params: URLSearchParams): Promise<string>;
  /** Public keys of the receipts, as a JWK set. */
  jwks(): { keys: unknown[] };
  /** Whether code can be run now. */
  readiness(): Readiness;
  /** Airlock as an MCP server; gets each request to `/mcp` that was let in. */
  mcp(request: Request, principal: Principal): Promise<Response>;
  /** Shown in `/openapi.json`. */
  version: string;
  /** A bearer for other local processes on the same data folder: acts as `local`. @default {none} */
  ownerToken?: string;
  /**
   * Lets requests in whose peer nobody knows (a library's `fetch`, a platform
   * that vouches for its callers) although there are no keys. @default {false}
   */
  trustUnknownPeers?: boolean;
}

/** Agents, and the parts in which they keep things; an owner is one agent. */
export interface AgentParts {
  service: Agents;
  /** Their databases. */
  sql: Pick<SqlDatabases, "query">;
  /** What they can do by name. */
  skills: SkillStore;
  /** Their alarms. */
  schedules: Pick<Schedules, "add" | "list" | "delete">;
  /** A page of what an agent's code keeps by key; with `q`, what fits best. */
  page(
    owner: string,
    query: { prefix?: string; q?: string; limit?: number; cursor?: string },
  ): Promise<Page<{ key: string; value?: Json; at: string }>>;
}

/** Finds and shows tools. */
export interface ToolDirectory {
  /** Best first; without a query all, in order of name. */
  search(query: string | undefined, options: ToolSearchOptions): ToolItem[];
  /** By the name code uses or by `server.originalTool`. */
  find(name: string): Tool | undefined;
  /** One tool as it is shown. */
  item(tool: Tool, detail: Detail): ToolItem;
  /** The change of a tool that waits to be accepted. */
  pendingChange(tool: Tool): PendingChange | undefined;
  /**
   * Accepts it.
   *
   * @throws {AirlockError} `conflict` where no change with this hash is pending.
   */
  accept(tool: Tool, hash: string): Promise<void>;
  /** Ambient declarations of the tools these globs match and the principal may call. */
  declarations(globs: readonly string[], principal: Principal): string;
}

/** How a search is narrowed. */
export interface ToolSearchOptions extends SearchOptions {
  /** Leaves out what it is false for. @default {all} */
  allows?: (tool: Tool) => boolean;
}

/** The upstreams and their states. */
export interface ServerDirectory {
  /** All that are configured. */
  states(): ServerState[];
  /** Connects anew; gives the state it came to. */
  reconnect(name: string): Promise<ServerState>;
  /** Begins a login; gives the page to open. @default {no server has a login} */
  login?(name: string): Promise<{ url: string }>;
}

/** What `/readyz` says. */
export interface Readiness {
  ready: boolean;
  /** Why it is not. */
  reason?: string;
  /** The layers of isolation in force. */
  isolation: Record<string, unknown>;
}

/** Types that Hono's contexts carry. */
export interface HttpEnv {
  Bindings: PeerInfo | undefined;
  Variables: {
    /** Who asks; set by `authenticate()`. */
    principal: Principal;
  };
}

/** The second argument of `app.fetch`: what `Deno.serve` knows of a request. */
export interface PeerInfo {
  remoteAddr?: Deno.Addr;
}
