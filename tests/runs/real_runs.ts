/** Runs of which everything is real but the tools: those answer in this process. @module */

import { Catalog } from "../../src/catalog/catalog.ts";
import type { PolicyRule } from "../../src/config/config.ts";
import { defaultLimits, defaultSandbox } from "../../src/config/defaults.ts";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { localPrincipal } from "../../src/grants/principal.ts";
import type { InvokeTool, ToolArguments } from "../../src/grants/signed_call.ts";
import type { Json } from "../../src/protocol/json.ts";
import { ReceiptChain } from "../../src/receipts/receipt_chain.ts";
import { listReceipts } from "../../src/receipts/receipt_store.ts";
import { openSigningKey } from "../../src/receipts/signing_key.ts";
import { openJournals } from "../../src/durable/journals.ts";
import { Admission } from "../../src/runs/admission.ts";
import type { AcceptedRun } from "../../src/runs/accepted_run.ts";
import { openTools, type OpenToolsDeps } from "../../src/runs/open_tools.ts";
import { RunRecord } from "../../src/runs/run_record.ts";
import { RunStore } from "../../src/runs/run_store.ts";
import type { RunsDeps } from "../../src/runs/runs.ts";
import { startHosts } from "../../src/sandbox/start_hosts.ts";
import { ToolSearch } from "../../src/search/tool_search.ts";
import { declareTool, signatureOf } from "../../src/typescript/declare_tools.ts";
import { testJwk } from "../receipts/fixtures.ts";

/** Answers a call; may throw. */
export type Answer = (args: ToolArguments, signal: AbortSignal) => Json | Promise<Json>;

/** What tools of a {@linkcode RealTools} are made of. */
export interface RealToolsOptions {
  /** Tools of the server `shop`, by name. @default {`reviews`, which echoes} */
  tools?: Record<string, Answer>;
  /** The policy. @default {no rules} */
  rules?: PolicyRule[];
}

/** A catalog, its search and all that {@linkcode openTools} needs, on a database in memory. */
export interface RealTools extends Disposable {
  readonly kv: Deno.Kv;
  readonly catalog: Catalog;
  readonly deps: OpenToolsDeps;
}

/** Opens tools without a sandbox. */
export async function openRealTools(options: RealToolsOptions = {}): Promise<RealTools> {
  const { tools = { reviews: (args) => ({ ...args }) }, rules = [] } = options;
  const kv = await Deno.openKv(":memory:");
  const key = await openSigningKey(kv, { jwk: testJwk });
  const catalog = new Catalog();
  catalog.setServer("shop", Object.keys(tools).map(listed));
  catalog.setServer("crm", [listed("find")]);
  const search = new ToolSearch({ catalog, signatureOf, declare: declareTool });
  const invoke: InvokeTool = async ({ grant, args }, { signal }) => {
    const answer = tools[grant.tool.tool];
    if (answer === undefined) throw new AirlockError("tool_failed", "There is nobody");
    return await answer(args, signal);
  };
  return {
    kv,
    catalog,
    deps: {
      catalog,
      search,
      builtins: () => [],
      rules: () => rules,
      invoke,
      openReceipts: (principal, run) => new ReceiptChain({ kv, key }, { principal, run }),
    },
    [Symbol.dispose]() {
      search[Symbol.dispose]();
      kv.close();
    },
  };
}

/** How {@linkcode openRealRuns} opens. */
export interface RealRunsOptions extends RealToolsOptions {
  /** Runs at once. @default {4} */
  maxConcurrent?: number;
  /** Takes the place of what tools need. @default {all of it is real} */
  toolsDeps?: Partial<OpenToolsDeps>;
}

/** What {@linkcode executeRun} and `Runs` need, with real hosts. */
export interface RealRuns extends AsyncDisposable {
  readonly kv: Deno.Kv;
  readonly deps: RunsDeps;
}

/** Opens all that runs need, with one warm host. */
export async function openRealRuns(options: RealRunsOptions = {}): Promise<RealRuns> {
  const { maxConcurrent = 4 } = options;
  const tools = await openRealTools(options);
  const { kv } = tools;
  const toolsDeps = { ...tools.deps, ...options.toolsDeps };
  const hosts = await startHosts({ ...defaultSandbox, warm: 1 }, defaultLimits);
  return {
    kv,
    deps: {
      admission: new Admission({ maxConcurrent, queue: 8 }),
      calls: new Admission({ maxConcurrent, queue: 8 }),
      openTools: (...given) => openTools(toolsDeps, ...given),
      ask: () => Promise.reject(new AirlockError("tool_denied", "A person said no")),
      sandbox: (principal, run, to) => hosts.pool.run(principal, run, to),
      store: new RunStore(kv),
      journals: openJournals(kv),
      principalOf: (name) => name === localPrincipal.name ? localPrincipal : undefined,
      limits: defaultLimits,
      receipts: (principal, run) => listReceipts(kv, { principal, run }),
    },
    async [Symbol.asyncDispose]() {
      await hosts[Symbol.asyncDispose]();
      tools[Symbol.dispose]();
    },
  };
}

/** A run of the local principal that was just taken in and has its place. */
export function acceptedRun(code: string, given: Partial<AcceptedRun> = {}): AcceptedRun {
  return {
    record: new RunRecord("run_1", localPrincipal.name, 0),
    request: { code },
    principal: localPrincipal,
    limits: defaultLimits,
    signal: new AbortController().signal,
    place: Promise.resolve({ [Symbol.dispose]: () => {} }),
    enter: () => Promise.resolve({ [Symbol.dispose]: () => {} }),
    ...given,
  };
}

function listed(name: string) {
  return { name, description: `The ${name} of things.`, inputSchema: { type: "object" } };
}
