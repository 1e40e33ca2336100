/** Airlock as a library, and the one place where its parts are put together. @module */

import manifest from "../deno.json" with { type: "json" };
import { agentTools } from "./agent/agent_tools.ts";
import type { Agents } from "./agent/agents.ts";
import { openAgents } from "./agent/open_agents.ts";
import { openKept } from "./agent/open_kept.ts";
import { openCatalog } from "./catalog/open_catalog.ts";
import { collectSecrets } from "./config/collect_secrets.ts";
import type { Config, ServerConfig } from "./config/config.ts";
import { deploymentId } from "./config/deployment.ts";
import { inheritedEnvironment } from "./config/inherited_environment.ts";
import { loadConfig } from "./config/load_config.ts";
import { openJournals } from "./durable/journals.ts";
import { AirlockError } from "./errors/airlock_error.ts";
import { principalOf } from "./grants/principal.ts";
import { createApp } from "./http/create_app.ts";
import type { PeerInfo, Readiness } from "./http/http_deps.ts";
import { logger } from "./log/log.ts";
import { redactSecrets } from "./log/redact.ts";
import { Logins } from "./mcp/logins.ts";
import { People } from "./mcp/people.ts";
import { Upstreams } from "./mcp/upstreams.ts";
import type { McpServerDeps } from "./mcp_server/mcp_server_deps.ts";
import { type OpenedMcp, openMcp } from "./mcp_server/open_mcp.ts";
import { OpenApiServers } from "./openapi/openapi_servers.ts";
import { checkCondition } from "./policy/condition.ts";
import { checkPattern } from "./privacy/patterns.ts";
import { Privacy } from "./privacy/privacy.ts";
import { ReceiptChain } from "./receipts/receipt_chain.ts";
import { listReceipts } from "./receipts/receipt_store.ts";
import { openSigningKey } from "./receipts/signing_key.ts";
import { Admission } from "./runs/admission.ts";
import { Approvals } from "./runs/approvals.ts";
import { askPerson } from "./runs/ask_person.ts";
import { type AirlockTools, libraryTools } from "./runs/library_tools.ts";
import { openTools, type OpenToolsDeps } from "./runs/open_tools.ts";
import { ownToolsOf, routeCalls } from "./runs/own_tools.ts";
import type { RunReport } from "./runs/report.ts";
import type { ApprovalService, RunService } from "./runs/run_service.ts";
import { RunStore } from "./runs/run_store.ts";
import { type RunOptions, runToEnd } from "./runs/run_to_end.ts";
import { Runs } from "./runs/runs.ts";
import { ToolDirectory } from "./runs/tool_directory.ts";
import { describeIsolation } from "./sandbox/describe_isolation.ts";
import { isolatedCommand } from "./sandbox/host_command.ts";
import { residentMb } from "./sandbox/process_usage.ts";
import { startHosts } from "./sandbox/start_hosts.ts";
import { ToolSearch } from "./search/tool_search.ts";
import { awaitServers } from "./servers/await_servers.ts";
import { joinServers, type ServerGroup } from "./servers/join_servers.ts";
import { reportChanges } from "./servers/report_changes.ts";
import { sweepLooseChunks } from "./storage/large_values.ts";
import { Instance } from "./storage/instance.ts";
import { openKv } from "./storage/open_kv.ts";
import { claimDataFolder } from "./storage/owner.ts";
import { Ownership } from "./storage/ownership.ts";
import { CodeChecker } from "./typescript/check_code.ts";
import { declareTool, signatureOf } from "./typescript/declare_tools.ts";
import { startChecker } from "./typescript/start_checker.ts";

/** An Airlock in this process. */
export interface Airlock extends AsyncDisposable {
  /** The configuration it was started with. */
  readonly config: Config;
  /** Runs code and waits for its end; for `local` unless told otherwise. */
  run(code: string, options?: RunOptions): Promise<RunReport>;
  /** Past and present runs of all principals. */
  readonly runs: RunService;
  /** What waits for a person. */
  readonly approvals: ApprovalService;
  /** Agents of all principals. */
  readonly agents: Agents;
  /** Finds and declares tools. */
  readonly tools: AirlockTools;
  /** The upstreams and how they stand. */
  readonly servers: Pick<ServerGroup, "states" | "ready" | "reconnect"> & {
    /** Begins a login; gives the page where a person goes on with it. */
    login(name: string): Promise<{ url: string }>;
  };
  /** Public keys of the receipts. */
  readonly receipts: { jwks(): { keys: unknown[] } };
  /** What an MCP server in front of this Airlock needs. */
  readonly mcpDeps: McpServerDeps;
  /** Serves MCP on standard input and output, the servers' own tools one to one. */
  readonly servePassThrough: OpenedMcp["servePassThrough"];
  /** Answers an HTTP request. Without `info` nobody knows the peer: that counts as local. */
  fetch(request: Request, info?: PeerInfo): Promise<Response>;
  /** Whether code can be run, and what keeps it in. */
  readiness(): Readiness;
  /** Takes no more runs in, and cancels those under way; resolves when their state is stored. */
  stopRuns(): Promise<void>;
  /** Says where it listens: answers to logins are taken there, where that is on loopback. */
  listensAt(url: string): void;
  /** Ends everything: runs, hosts, upstreams, database. */
  close(): Promise<void>;
}

/** What {@linkcode startAirlock} needs. */
export interface StartAirlockOptions {
  /** The configuration, read and checked. */
  config: Config;
  /** Lets other processes of this user in, as `local`. @default {none} */
  ownerToken?: string;
  /** Requests whose peer nobody knows are let in without a key. @default {false} */
  trustUnknownPeers?: boolean;
}

const log = logger("airlock");

/** How long `execute` and `wait` hold an MCP request open unless told, milliseconds. */
const defaultWaitMs = 50_000;

/**
 * Makes an Airlock from settings in the form of `airlock.json`; without any, as
 * the command line would: from the file in the working directory, else with the
 * embedded servers.
 *
 * @example Usage
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * import { createAirlock } from "./airlock.ts";
 * await using airlock = await createAirlock({ kv: ":memory:" });
 * const report = await airlock.run("return 6 * 7");
 * strictEqual(report.result, 42);
 * ```
 *
 * @throws {AirlockError} `invalid_config`, or `unavailable` where another
 * process owns the data folder.
 */
export async function createAirlock(
  settings?: unknown,
  embeddedServers: readonly ServerConfig[] = [],
): Promise<Airlock> {
  const config = await loadConfig({
    settings,
    embeddedServers,
    checkWhen: checkCondition,
    checkPattern,
  });
  await using stack = new AsyncDisposableStack();
  if (config.kv === undefined && deploymentId() === undefined) {
    const claim = await claimDataFolder(config.data);
    if (!claim.owner) {
      const { url } = claim.address;
      const state = `another Airlock serves it at "${url}"`;
      throw new AirlockError("unavailable", `Cannot use data folder "${config.data}": ${state}`);
    }
    stack.use(claim);
  }
  const airlock = await startAirlock({ config, trustUnknownPeers: true });
  stack.use(airlock);
  await airlock.servers.ready();
  const all = stack.move();
  const close = () => all.disposeAsync();
  return { ...airlock, close, [Symbol.asyncDispose]: close };
}

/** Starts an Airlock on a data folder that is this process's own. */
export async function startAirlock(options: StartAirlockOptions): Promise<Airlock> {
  const { config } = options;
  redactSecrets(collectSecrets(config));
  await using stack = new AsyncDisposableStack();
  const kv = await openKv({ data: config.data, kv: config.kv, deploymentId: deploymentId() });
  stack.defer(() => kv.close());
  // A folder and a database in memory have one process.
  const exclusive = config.kv === undefined
    ? deploymentId() === undefined
    : config.kv === ":memory:";
  const onFailure = (error: unknown) => log.warn("heartbeat failed", { error });
  const instance = stack.use(await Instance.open(kv, { exclusive, onFailure }));
  const key = await openSigningKey(kv, { jwk: config.signingKey });

  const { catalog, pins, observed } = stack.use(await openCatalog(kv));
  const search = new ToolSearch({ catalog, signatureOf, declare: declareTool });
  stack.use(search);
  const logins = await Logins.open(kv, key.derive("logins"));
  const environment = inheritedEnvironment();
  const people = new People();
  const upstreams = new Upstreams(config, { catalog: pins, environment, logins, people });
  stack.use(upstreams);
  const openapi = stack.use(new OpenApiServers(config.openapi, { catalog: pins }));
  const servers = reportChanges(joinServers(upstreams, openapi), (name) => pins.changes(name));
  const tools = new ToolDirectory({ catalog, search, pins });
  const hosts = stack.use(await startHosts(config.sandbox, config.limits));
  const approvals = new Approvals(kv);
  const checker = stack.use(await startChecker({ command: isolatedCommand }));
  const codeChecker = new CodeChecker(checker);
  const journals = openJournals(kv);
  const kept = stack.use(await openKept(kv, { command: isolatedCommand, residentMb }));
  const own = agentTools({ ...kept, journals, runs: () => runs });
  const toolsDeps: OpenToolsDeps = {
    catalog,
    checkCode: (code, visible, signal) => codeChecker.check(code, visible, signal),
    search,
    builtins: (principal) => ownToolsOf(own, principal),
    rules: () => config.policy,
    readResource: (uri, given) => upstreams.readResource(uri, given),
    blocked: (tool) => pins.blockedReason(tool),
    observe: (tool, answer) => observed.observe(tool, answer),
    invoke: routeCalls(own, servers.invoke),
    privacy: config.privacy.length === 0 ? undefined : await Privacy.open(config.privacy, {
      kv,
      tokenKey: key.derive("privacy tokens"),
      sealKey: key.derive("privacy values"),
    }),
    openReceipts: (principal: string, run: string) =>
      new ReceiptChain({ kv, key }, { principal, run }),
  };
  const runs = new Runs({
    admission: new Admission({ ...config.sandbox, isShared: config.keys.length > 1 }),
    awaitTools: (code, signal) => awaitServers(code, servers, { signal }),
    calls: new Admission({ maxConcurrent: 64, queue: 256, isShared: config.keys.length > 1 }),
    openTools: (run, principal, globs, reach) => openTools(toolsDeps, run, principal, globs, reach),
    ask: askPerson(approvals),
    journals,
    principalOf: (name) => principalOf(name, config.keys),
    sandbox: (principal, run, listener) => hosts.pool.run(principal, run, listener),
    store: new RunStore(kv, Date.now, instance.id),
    isAlive: (server) => instance.isAlive(server),
    limits: config.limits,
    receipts: (principal, run) => listReceipts(kv, { principal, run }),
  });
  stack.use(runs);
  await runs.recover();
  await sweepLooseChunks(kv);
  servers.start();

  const ownership = new Ownership(kv, instance);
  const agents = stack.use(openAgents({ kv, config, runs, tools, servers, kept, ownership }));
  const mcpDeps: McpServerDeps = {
    runs,
    approvals,
    people,
    search: (query, given, principal) => tools.searchFor(query, given, principal),
    servers: () => servers.states(),
    logins: { begin: servers.login, done: (name, signal) => upstreams.loggedIn(name, signal) },
    version: manifest.version,
    defaultWaitMs,
    onError: (error) => log.warn("mcp request failed", { error }),
  };
  const mcp = stack.use(
    openMcp(mcpDeps, { upstreams, catalog, runs, invoke: servers.invoke, config }),
  );
  const readiness = () => ({
    ready: true,
    isolation: describeIsolation(config.sandbox, hosts.hardening),
  });
  const app = createApp({
    config,
    runs,
    approvals,
    tools,
    servers,
    agents: { service: agents, ...kept },
    finishLogin: (params) => upstreams.finishLogin(params),
    jwks: () => key.jwks(),
    readiness,
    mcp: mcp.handle,
    version: manifest.version,
    ownerToken: options.ownerToken,
    trustUnknownPeers: options.trustUnknownPeers,
  });
  await hosts.pool.ready();
  await agents.recover();

  const all = stack.move();
  const close = () => all.disposeAsync();
  return {
    config,
    run: (code, given = {}) => runToEnd(runs, code, given),
    runs,
    approvals,
    agents,
    tools: libraryTools(tools),
    servers,
    receipts: { jwks: () => key.jwks() },
    mcpDeps,
    servePassThrough: mcp.servePassThrough,
    fetch: async (request, info) => await app.fetch(request, info),
    readiness,
    listensAt: (url) => logins.listensAt(url),
    stopRuns: () => runs[Symbol.asyncDispose](),
    close,
    [Symbol.asyncDispose]: close,
  };
}
