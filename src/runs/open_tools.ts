/** Fixes what a run may reach when it begins: names, grants, receipts. @module */

import type { CallPrivacy, CallRecord } from "../bridge/dispatch.ts";
import { matchesTool } from "../catalog/glob.ts";
import type { Catalog, CatalogSnapshot } from "../catalog/catalog.ts";
import type { Tool } from "../catalog/tool.ts";
import { validateArguments } from "../catalog/validate_arguments.ts";
import type { PolicyRule } from "../config/config.ts";
import { authorize } from "../grants/authorize.ts";
import type { Principal } from "../grants/principal.ts";
import { mayCall, RunGrants } from "../grants/run_grants.ts";
import type { InvokeTool } from "../grants/signed_call.ts";
import { hashJson } from "../hashing/hash_json.ts";
import type { Json } from "../protocol/json.ts";
import type { Namespace } from "../protocol/messages.ts";
import { maxReceiptTool } from "../receipts/receipt.ts";
import type { ReceiptChain, ReceiptEntry } from "../receipts/receipt_chain.ts";
import type { ToolSearch } from "../search/tool_search.ts";
import { namesServer } from "../servers/await_servers.ts";
import type { CheckResult, VisibleTools } from "../typescript/check_code.ts";
import { answerQuery } from "./answer_query.ts";
import type { ReadsResource } from "./answer_resource.ts";
import type { DirectReach, RunTools } from "./run_tools.ts";
import { visibleTools } from "./visible_tools.ts";

/** What {@linkcode openTools} needs. */
export interface OpenToolsDeps {
  /** All tools. */
  catalog: Catalog;
  /** Finds and shows tools. */
  search: ToolSearch;
  /** Tools of Airlock itself that a principal may see. */
  builtins(principal: Principal): readonly Tool[] | Promise<readonly Tool[]>;
  /** The policy as it is now. */
  rules(): readonly PolicyRule[];
  /** Calls a tool wherever it lives. */
  invoke: InvokeTool;
  /** Reads a resource wherever it lies. @default {there are none} */
  readResource?: ReadsResource;
  /** Begins or goes on with a run's chain of receipts. */
  openReceipts(principal: string, run: string): Pick<ReceiptChain, "append">;
  /** Checks code before it runs. @default {no checks} */
  checkCode?(code: string, visible: VisibleTools, signal: AbortSignal): Promise<CheckResult>;
  /** Why a tool may not be called at this moment. @default {every tool may be} */
  blocked?(tool: Tool): string | undefined;
  /** Keeps private values from code and record. @default {nothing is private} */
  privacy?: CallPrivacy;
  /** Told of each good answer to code; must not wait. @default {nobody is} */
  observe?(tool: Tool, answer: Json): void;
}

/** Fixes what a run may reach: a later change of the catalog does not touch it. */
export async function openTools(
  deps: OpenToolsDeps,
  run: string,
  principal: Principal,
  globs: readonly string[],
  reach?: DirectReach,
): Promise<RunTools> {
  const builtins = reach?.tools ?? await deps.builtins(principal);
  const catalog = deps.catalog.snapshot();
  const { rules, checkCode, blocked, search, readResource } = deps;
  const { answered } = reach ?? {};
  const named = { run, principal, catalog, tools: globs };
  const grants = new RunGrants({ ...named, builtins, rules, blocked, answered });
  const receipts = deps.openReceipts(principal.name, run);
  return {
    namespaces: namespacesOf(catalog, principal),
    hasSql: builtins.some(({ server }) => server === "sql"),
    check: checkCode &&
      ((code, signal) => checkCode(code, visibleTools(catalog, principal), signal)),
    dispatch: {
      authorize: (call) => authorize(call, grants),
      validate: validateArguments,
      invoke: deps.invoke,
      privacy: deps.privacy,
      observe({ grant }, answer) {
        // What a direct call gives is not the value that code would see.
        if (reach === undefined && !grant.simulated) deps.observe?.(grant.tool, answer);
      },
    },
    async record(record, also) {
      await receipts.append(toEntry(record), also);
      if (record.outcome === "ok" && record.tool !== undefined) grants.noteAnswer(record.tool);
    },
    noteAnswer(name) {
      const tool = grants.find(name);
      if (tool !== undefined) grants.noteAnswer(tool);
    },
    mayAsk: (code) => mayAsk(code, grants.tools(), rules()),
    query: (query, args, signal) =>
      answerQuery(query, args, { grants, search, readResource }, signal),
  };
}

/** Namespaces of a catalog, for each principal's globs; a catalog never changes. */
const known = new WeakMap<CatalogSnapshot, Map<string, Namespace[]>>();

/** Every server's name, so that a call that is not granted is refused on record. */
function namespacesOf(catalog: CatalogSnapshot, principal: Principal): Namespace[] {
  const byGlobs = known.get(catalog) ?? new Map<string, Namespace[]>();
  known.set(catalog, byGlobs);
  const globs = JSON.stringify(principal.tools);
  const namespaces = byGlobs.get(globs) ?? listNamespaces(catalog, principal);
  byGlobs.set(globs, namespaces);
  return namespaces;
}

function listNamespaces(catalog: CatalogSnapshot, principal: Principal): Namespace[] {
  const visible = Map.groupBy(
    catalog.tools.filter((tool) => mayCall(principal, tool)),
    (tool) => tool.server,
  );
  return catalog.servers.map(({ name, namespace }) => ({
    name: namespace,
    server: name,
    tools: (visible.get(name) ?? []).map(({ member, tool }) => ({ member, tool })),
  }));
}

/** Whether a rule asks a person about a tool whose server the code names. */
function mayAsk(code: string, tools: readonly Tool[], rules: readonly PolicyRule[]): boolean {
  const asking = rules.filter(({ effect }) => effect === "ask");
  if (asking.length === 0) return false;
  return tools.some((tool) =>
    namesServer(code, tool.server) && asking.some((rule) => matchesTool(rule.tool, tool))
  );
}

function toEntry(record: CallRecord): ReceiptEntry {
  const { call, signed, tool, outcome, answerHash, at, ms } = record;
  return {
    call: call.seq,
    tool: tool?.name ?? call.tool.slice(0, maxReceiptTool),
    schema: tool?.hash,
    args: signed?.argsHash ?? hashJson(call.args),
    answer: answerHash,
    outcome,
    iat: Math.floor((at + ms) / 1_000),
    ms: Math.round(ms * 1_000) / 1_000,
    grant: signed?.grant.id,
  };
}
