/** The MCP server that a client sees in pass-through mode: upstream tools, resources and prompts one to one. @module */

import { Server, type ServerCapabilities } from "@modelcontextprotocol/server";
import { accessTools } from "../mcp/server_access.ts";
import { handlePrompts } from "./pass_prompts.ts";
import { handleResources } from "./pass_resources.ts";
import { answerOrThrow, type PassHandling } from "./pass_on.ts";
import { handleTools } from "./pass_tools.ts";

/** How long a server may take to say what it offers, before it is left out of that, milliseconds. */
const OFFER_MS = 5_000;

/** What is served in pass-through mode. */
export interface PassServing extends Omit<PassHandling, "accessTools"> {
  /** `legacy` clients stay connected, and can be asked and told things. */
  era: "legacy" | "modern";
}

/** Makes the server that one client sees: for a connection, or in the era of 2026 for a request. */
export async function createPassServer(serving: PassServing): Promise<Server> {
  const { deps, names, era, session } = serving;
  const { offered, instructions } = await askForOffers(serving);
  const capabilities = era === "legacy" ? offered : withoutPush(offered);
  const server = new Server({ name: "airlock", title: "Airlock", version: deps.version }, {
    capabilities,
    instructions,
    cacheHints: {
      "tools/list": { ttlMs: 0, cacheScope: "private" },
      "prompts/list": { ttlMs: 0, cacheScope: "private" },
      "resources/list": { ttlMs: 0, cacheScope: "private" },
      "resources/templates/list": { ttlMs: 0, cacheScope: "private" },
      "resources/read": { ttlMs: 0, cacheScope: "private" },
    },
  });
  if (era === "legacy") session.attach(server);
  const namespaces = new Map(deps.catalog().servers.map((one) => [one.name, one.namespace]));
  const handling: PassHandling = {
    ...serving,
    accessTools: names.servers.flatMap((name) => accessTools(name, namespaces.get(name) ?? name)),
  };
  handleTools(server, handling);
  if (capabilities.resources) handleResources(server, handling);
  if (capabilities.prompts || capabilities.completions) handlePrompts(server, handling);
  if (capabilities.logging) handleLogging(server, handling);
  server.setNotificationHandler(
    "notifications/roots/list_changed",
    ({ method }) => session.tellServers(method),
  );
  if (deps.onError) server.onerror = deps.onError.bind(deps);
  return server;
}

/** What all servers offer together, and what the only one says about itself. */
async function askForOffers(
  { deps, names }: PassServing,
): Promise<{ offered: ServerCapabilities; instructions?: string }> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), OFFER_MS);
  const servers = names.servers.filter((name) => deps.mcpServers.includes(name));
  try {
    const all = await Promise.all(
      servers.map((name) =>
        deps.line(name).capabilities(late.signal).catch((): ServerCapabilities => ({}))
      ),
    );
    const instructions = servers.length === 1
      ? await deps.line(servers[0]).instructions(late.signal).catch(() => undefined)
      : undefined;
    return { offered: unite(all), instructions };
  } finally {
    clearTimeout(timer);
  }
}

function unite(all: readonly ServerCapabilities[]): ServerCapabilities {
  const subscribe = all.some(({ resources }) => resources?.subscribe === true);
  return {
    tools: { listChanged: true },
    ...(all.some(({ prompts }) => prompts) && { prompts: { listChanged: true } }),
    ...(all.some(({ resources }) => resources) && {
      resources: { listChanged: true, ...(subscribe && { subscribe }) },
    }),
    ...(all.some(({ completions }) => completions) && { completions: {} }),
    ...(all.some(({ logging }) => logging) && { logging: {} }),
  };
}

/** Over shared connections nobody knows for whom a server's message is. */
function withoutPush({ logging: _, resources, ...rest }: ServerCapabilities): ServerCapabilities {
  return { ...rest, ...(resources && { resources: { listChanged: true } }) };
}

/** How much servers log is set on the client's own connections. */
function handleLogging(server: Server, handling: PassHandling): void {
  const { deps, names, session } = handling;
  const servers = names.servers.filter((name) => deps.mcpServers.includes(name));
  server.setRequestHandler(
    "logging/setLevel",
    ({ params: { level } }, { mcpReq: { signal } }) =>
      answerOrThrow(handling, async () => {
        for (const name of servers) {
          const { logging } = await session.line(name).capabilities(signal);
          if (logging) await session.line(name).ask("logging/setLevel", { level }, { signal });
        }
        return {};
      }),
  );
}
