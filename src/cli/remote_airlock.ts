/** The Airlock of the process that owns the data folder, for commands of other processes. @module */

import type { Principal } from "../grants/principal.ts";
import type { Approval } from "../runs/report.ts";
import type { ApprovalDecision, ApprovalService } from "../runs/run_service.ts";
import type { SearchOptions, ToolItem } from "../search/tool_item.ts";
import type { OwnerAddress } from "../storage/owner.ts";
import { ApiClient, apiPath } from "./api_client.ts";
import { approval, approvalPage, jwks, serverPage, toolPage } from "./api_schemas.ts";
import type { CliAirlock, CliTools } from "./cli_airlock.ts";
import { RemoteRuns } from "./remote_runs.ts";

/** How often it is looked whether servers still connect, milliseconds. */
const READY_POLL_MS = 200;

/** Options of {@linkcode connectRemoteAirlock}. */
export interface RemoteOptions {
  /** Sent in place of the owner's token. @default {the owner's token} */
  apiKey?: string;
  /** @default {50000} */
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
