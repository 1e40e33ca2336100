/** The Airlock of the process that owns the data folder, for commands of other processes. @module */

import type { Principal } from "../grants/principal.ts";
import { logger } from "../log/log.ts";
import { relayStdio } from "../mcp_server/relay_stdio.ts";
import type { Approval } from "../runs/report.ts";
import type { ApprovalDecision, ApprovalService } from "../runs/run_service.ts";
import type { SearchOptions, ToolItem } from "../search/tool_item.ts";
import type { OwnerAddress } from "../storage/owner.ts";
import { ApiClient, apiPath } from "./api_client.ts";
import {
  approval,
  approvalPage,
  changedTool,
  jwks,
  loginPage,
  serverPage,
  toolPage,
} from "./api_schemas.ts";
import type { CliAirlock, CliTools } from "./cli_airlock.ts";
import { RemoteRuns } from "./remote_runs.ts";

const log = logger("cli");

/** How often it is looked whether servers still connect, milliseconds. */
const READY_POLL_MS = 200;

/** Options of {@linkcode connectRemoteAirlock}. */
export interface RemoteOptions {
  /** Sent in place of the owner's token. @default {the owner's token} */
  apiKey?: string;
  /** How long `execute` holds a request open, milliseconds. @default {50000} */
  defaultWaitMs?: number;
}

/** Speaks to the Airlock at an address as if it were in this process. */
export function connectRemoteAirlock(
  address: OwnerAddress,
  options: RemoteOptions = {},
): CliAirlock {
  const { apiKey = address.token, defaultWaitMs = 50_000 } = options;
  const api = new ApiClient({ url: address.url, token: apiKey });
  const runs = new RemoteRuns(api);
  const tools = remoteTools(api);
  const states = async () => (await api.json("/v1/servers", serverPage)).items;
  return {
    runs,
    approvals: remoteApprovals(api),
    tools,
    servers: {
      states,
      login: (name) =>
        api.json(`/v1/servers/${encodeURIComponent(name)}/auth`, loginPage, { method: "POST" }),
      ready: async () => {
        while ((await states()).some(({ state }) => state === "connecting")) {
          await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
        }
      },
    },
    receipts: { jwks: () => api.json("/.well-known/jwks.json", jwks) },
    mcpDeps: {
      runs,
      search: tools.search,
      servers: async () =>
        (await states()).map(({ name, tools, state }) => ({ name, tools, state })),
      version: address.version,
      defaultWaitMs,
    },
    servePassThrough: (_principal, { signal }) => {
      const url = new URL("/mcp?mode=passthrough", address.url);
      const onError = (error: Error) => log.warn("relay failed", { error });
      return relayStdio({ url, token: apiKey, signal, onError });
    },
    close: () => Promise.resolve(),
  };
}

function remoteTools(api: ApiClient): CliTools {
  return {
    search: async (
      query: string | undefined,
      { server, detail, limit }: SearchOptions,
      _principal: Principal,
    ): Promise<ToolItem[]> => {
      const items: ToolItem[] = [];
      let cursor: string | undefined;
      do {
        const path = apiPath("/v1/tools", { q: query, server, detail, limit, cursor });
        const page = await api.json(path, toolPage);
        items.push(...page.items);
        cursor = page.items.length === 0 ? undefined : page.cursor;
      } while (cursor !== undefined && (limit === undefined || items.length < limit));
      return items;
    },
    types: (globs) => {
      const query = new URLSearchParams(globs.map((glob) => ["tools", glob]));
      return api.text(`/v1/types?${query}`);
    },
    pendingChange: async (name) =>
      (await api.json(`/v1/tools/${encodeURIComponent(name)}`, changedTool)).pendingChange,
    accept: async (name, hash) => {
      const path = `/v1/tools/${encodeURIComponent(name)}/accept`;
      await api.json(path, changedTool, { method: "POST", body: { hash } });
    },
  };
}

function remoteApprovals(api: ApiClient): ApprovalService {
  return {
    list: async (): Promise<Approval[]> => (await api.json("/v1/approvals", approvalPage)).items,
    decide: (id: string, decision: ApprovalDecision) =>
      api.json(`/v1/approvals/${encodeURIComponent(id)}`, approval, {
        method: "POST",
        body: decision,
      }),
  };
}
