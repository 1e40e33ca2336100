/** What the routes are given in tests: plain objects, with overrides. @module */

import { matchesTool } from "../../src/catalog/glob.ts";
import type { Tool } from "../../src/catalog/tool.ts";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { mayCall } from "../../src/grants/run_grants.ts";
import { defaultLimits } from "../../src/config/defaults.ts";
import type { HttpDeps, PeerInfo } from "../../src/http/http_deps.ts";
import type { ServerState } from "../../src/servers/server_state.ts";
import type { Approval, RunReport, RunSummary } from "../../src/runs/report.ts";
import type { ApprovalService, RunService } from "../../src/runs/run_service.ts";

/** A key that is configured, and one that is not. */
export const secret = "a-secret-of-the-ci-key-1234";

/** A request's peer on this machine, and one that is elsewhere. */
export const localPeer: PeerInfo = peer("127.0.0.1");
export const strangePeer: PeerInfo = peer("203.0.113.5");

/** A peer at an address. */
export function peer(hostname: string): PeerInfo {
  return { remoteAddr: { transport: "tcp", hostname, port: 50_000 } };
}

/** A configuration without keys, with overrides. */
export function fakeConfig(overrides: Partial<HttpDeps["config"]> = {}): HttpDeps["config"] {
  return {
    limits: { ...defaultLimits },
    keys: [],
    policy: [],
    listen: { host: "127.0.0.1", port: 8787, hosts: [], origins: [] },
    ...overrides,
  };
}

/** A configuration with one key, `ci`, which may call `shop.*`. */
export function keyedConfig(): HttpDeps["config"] {
  return fakeConfig({ keys: [{ name: "ci", secret, tools: ["shop.*"], mode: "code" }] });
}

/** All the routes need, with overrides. */
export function fakeDeps(overrides: Partial<HttpDeps> = {}): HttpDeps {
  return {
    config: fakeConfig(),
    runs: fakeRuns(),
    approvals: fakeApprovals(),
    tools: fakeTools([makeTool("shop", "top_products"), makeTool("bank", "pay")]),
    servers: {
      states: () => [makeServer("shop")],
      reconnect: (name) => Promise.resolve(makeServer(name)),
    },
    finishLogin: () => Promise.resolve("shop"),
    jwks: () => ({ keys: [{ kty: "OKP", kid: "k1" }] }),
    readiness: () => ({ ready: true, isolation: { process: true } }),
    mcp: (request, principal) =>
      Promise.resolve(Response.json({ method: request.method, as: principal.name })),
    version: "0.0.0-test",
    trustUnknownPeers: true,
    ...overrides,
  };
}

/** Runs that end at once with their code as result. */
export function fakeRuns(overrides: Partial<RunService> = {}): RunService {
  return {
    start: (request) => {
      const report = makeReport({ result: request.code });
      return Promise.resolve({
        id: report.id,
        report: () => ({ ...report, status: "running" as const }),
        settled: Promise.resolve(report),
      });
    },
    report: (id) => Promise.resolve(makeReport({ id })),
    wait: (id) => Promise.resolve(makeReport({ id })),
    list: () => Promise.resolve({ items: [makeSummary()] }),
    cancel: (id) => Promise.resolve(makeReport({ id, status: "cancelled" })),
    events: () => Promise.resolve((async function* () {})()),
    receipts: () => Promise.resolve(["e30.e30.c2ln"]),
    ...overrides,
  };
}

/** One call waits. */
export function fakeApprovals(overrides: Partial<ApprovalService> = {}): ApprovalService {
  return {
    list: () => Promise.resolve([makeApproval()]),
    decide: (id) => Promise.resolve(makeApproval({ id })),
    ...overrides,
  };
}

/** A directory of these tools, in order of name. */
export function fakeTools(tools: Tool[]): HttpDeps["tools"] {
  const sorted = tools.toSorted((a, b) => a.name < b.name ? -1 : 1);
  const item = (tool: Tool, detail = "signatures") => ({
    name: tool.name,
    server: tool.server,
    tool: tool.tool,
    summary: `${tool.name} with ${detail}`,
  });
  return {
    search: (query = "", { allows = () => true, server, detail, limit }) =>
      sorted.filter(allows)
        .filter((tool) => tool.name.includes(query))
        .filter((tool) => server === undefined || tool.server === server)
        .slice(0, limit)
        .map((tool) => item(tool, detail)),
    find: (name) =>
      sorted.find((tool) => tool.name === name || `${tool.server}.${tool.tool}` === name),
    item,
    pendingChange: () => undefined,
    accept: ({ name }) =>
      Promise.reject(
        new AirlockError("conflict", `Cannot accept "${name}": no change of it is pending`),
      ),
    declarations: (globs, principal) =>
      sorted.filter((tool) => mayCall(principal, tool))
        .filter((tool) => globs.some((glob) => matchesTool(glob, tool)))
        .map((tool) => `declare ${tool.name}`).join("\n"),
  };
}

/** A tool whose names need no change, unless `member` is given. */
export function makeTool(server: string, tool: string, member = tool): Tool {
  return {
    name: `${server}.${member}`,
    server,
    tool,
    namespace: server,
    member,
    inputSchema: { type: "object" },
    hash: `hash of ${tool}`,
  };
}

/** A server that is ready. */
export function makeServer(name: string, overrides: Partial<ServerState> = {}): ServerState {
  return { name, state: "ready", transport: "stdio", tools: 1, quarantined: [], ...overrides };
}

/** A run that succeeded. */
export function makeReport(overrides: Partial<RunReport> = {}): RunReport {
  return { ...makeSummary(), logs: [], calls: [], ...overrides };
}

function makeSummary(): RunSummary {
  return {
    id: "run_1",
    status: "succeeded",
    usage: {
      queueMs: 0,
      startMs: 1,
      wallMs: 2,
      cpuMs: 1,
      peakMemoryMb: 50,
      calls: 0,
      argumentBytes: 0,
      answerBytes: 0,
    },
    createdAt: "2026-01-02T03:04:05.678Z",
  };
}

/** A call that waits. */
export function makeApproval(overrides: Partial<Approval> = {}): Approval {
  return {
    id: "approval_1",
    run: "run_1",
    tool: "bank.pay",
    arguments: { amount: 500 },
    reason: "A rule asks",
    at: "2026-01-02T03:04:05.678Z",
    ...overrides,
  };
}

/** What a service throws for what is not there. */
export function notFound(): AirlockError {
  return new AirlockError("not_found", 'Cannot find the run "run_2": it does not exist');
}

/** A `POST` with a JSON body. */
export function post(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
}
