/** Airlock as an MCP server in both modes, put together. @module */

import type { Principal } from "../grants/principal.ts";
import type { InvokeTool } from "../grants/signed_call.ts";
import type { Upstreams } from "../mcp/upstreams.ts";
import type { Runs } from "../runs/runs.ts";
import { createMcpEndpoint, type McpMode } from "./mcp_endpoint.ts";
import { createMcpHandler, type McpHandler } from "./mcp_http.ts";
import type { McpServerDeps } from "./mcp_server_deps.ts";
import type { ServeMcpStdioOptions } from "./mcp_stdio.ts";
import { type ChangeSources, listenForChanges } from "./pass_changes.ts";
import { PassThroughHttp } from "./pass_http.ts";
import { servePassThroughStdio } from "./pass_stdio.ts";
import type { PassThroughDeps } from "./pass_through_deps.ts";

/** What pass-through mode is made of. */
export interface OpenMcpOptions {
  upstreams: Upstreams;
  catalog: ChangeSources["catalog"];
  runs: Pick<Runs, "callTool">;
  /** Calls a tool of any server. */
  invoke: InvokeTool;
  /** The mode of each key. */
  config: { readonly keys: readonly { readonly name: string; readonly mode: McpMode }[] };
}

/** Airlock as an MCP server. */
export interface OpenedMcp extends AsyncDisposable {
  /** Answers requests to `/mcp`. */
  readonly handle: McpHandler;
  /** Serves pass-through mode on standard input and output. */
  servePassThrough(principal: Principal, options?: ServeMcpStdioOptions): Promise<void>;
}

/** Puts both modes together. */
export function openMcp(
  mcpDeps: McpServerDeps,
  { upstreams, catalog, runs, invoke, config }: OpenMcpOptions,
): OpenedMcp {
  const deps: PassThroughDeps = {
    mcpServers: upstreams.names,
    servers: () => [
      ...new Set([...upstreams.names, ...catalog.snapshot().servers.map(({ name }) => name)]),
    ],
    onChange: (listener) => listenForChanges({ catalog, upstreams }, listener),
    line: (server, owner) => upstreams.line(server, owner),
    invoke,
    catalog: () => catalog.snapshot(),
    callTool: (call, principal, options) => runs.callTool(call, principal, options),
    version: mcpDeps.version,
    onError: mcpDeps.onError?.bind(mcpDeps),
  };
  const passThrough = new PassThroughHttp(deps);
  return {
    handle: createMcpEndpoint({
      handlers: {
        code: createMcpHandler(mcpDeps),
        passthrough: (request, principal) => passThrough.handle(request, principal),
      },
      modeOf: ({ name }) => config.keys.find((key) => key.name === name)?.mode ?? "code",
    }),
    servePassThrough: (principal, options) => servePassThroughStdio(deps, principal, options),
    [Symbol.asyncDispose]: () => passThrough[Symbol.asyncDispose](),
  };
}
