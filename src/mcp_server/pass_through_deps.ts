/** What pass-through mode needs from the rest. @module */

import type { CatalogSnapshot } from "../catalog/catalog.ts";
import type { Principal } from "../grants/principal.ts";
import type { InvokeTool } from "../grants/signed_call.ts";
import type { ConnectionOwner } from "../mcp/connection_owner.ts";
import type { UpstreamLine } from "../mcp/upstream_line.ts";
import type { DirectAnswer, DirectCall, DirectCallOptions } from "../runs/call_tool.ts";

/** Everything that MCP clients reach in pass-through mode goes through these. */
export interface PassThroughDeps {
  /** Keys of the configured MCP servers, in order. */
  readonly mcpServers: readonly string[];
  /** Keys of all servers that are shown: those, and others that bring tools. */
  servers(): readonly string[];
  /** Tells of changed lists, by server and method of the notification, until disposed of. */
  onChange(listener: (server: string, method: string) => void): Disposable;
  /** A way to an MCP server; with an owner, by a connection of its own. */
  line(server: string, owner?: ConnectionOwner): UpstreamLine;
  /** Calls a tool of a server that does not speak MCP; gives its plain value. */
  readonly invoke: InvokeTool;
  /** The catalog as it is now. */
  catalog(): CatalogSnapshot;
  /** Makes a call that is authorized, signed and recorded. */
  callTool(
    call: DirectCall,
    principal: Principal,
    options: DirectCallOptions,
  ): Promise<DirectAnswer>;
  /** Airlock's own version. */
  readonly version: string;
  /** Told of what went wrong beside an answer. @default {nothing is told} */
  onError?(error: Error): void;
}
