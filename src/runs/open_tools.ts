/** Fixes what a run may reach when it begins: names, grants, receipts. @module */

import type { CallRecord } from "../bridge/dispatch.ts";
import type { Catalog, CatalogSnapshot } from "../catalog/catalog.ts";
import type { Tool } from "../catalog/tool.ts";
import { validateArguments } from "../catalog/validate_arguments.ts";
import type { PolicyRule } from "../config/config.ts";
import { authorize } from "../grants/authorize.ts";
import type { Principal } from "../grants/principal.ts";
import { mayCall, RunGrants } from "../grants/run_grants.ts";
import type { InvokeTool } from "../grants/signed_call.ts";
import { hashJson } from "../hashing/hash_json.ts";
import type { Namespace } from "../protocol/messages.ts";
import { maxReceiptTool } from "../receipts/receipt.ts";
import type { ReceiptEntry } from "../receipts/receipt_chain.ts";
import type { ToolSearch } from "../search/tool_search.ts";
import { answerQuery } from "./answer_query.ts";
import type { RunTools } from "./execute_run.ts";

/** What {@linkcode openTools} needs. */
export interface OpenToolsDeps {
  catalog: Catalog;
  search: ToolSearch;
  /** Tools of Airlock itself. */
  builtins: readonly Tool[];
  /** The policy as it is now. */
  rules(): readonly PolicyRule[];
  /** Calls a tool wherever it lives. */
  invoke: InvokeTool;
  /** Begins or goes on with a run's chain of receipts. */
  openReceipts(principal: string, run: string): { append(entry: ReceiptEntry): Promise<unknown> };
}

/** Fixes what a run may reach: a later change of the catalog does not touch it. */
export function openTools(
  deps: OpenToolsDeps,
  run: string,
  principal: Principal,
  globs: readonly string[],
): RunTools {
  const catalog = deps.catalog.snapshot();
  const { builtins, rules } = deps;
  const grants = new RunGrants({ run, principal, catalog, tools: globs, builtins, rules });
  const receipts = deps.openReceipts(principal.name, run);
  return {
    namespaces: namespacesOf(catalog, principal),
    dispatch: {
      authorize: (call) => authorize(call, grants),
      validate: validateArguments,
      invoke: deps.invoke,
      async record(record) {
        await receipts.append(toEntry(record));
        if (record.outcome === "ok" && record.tool !== undefined) grants.noteAnswer(record.tool);
      },
    },
    query: (query, args) => answerQuery(query, args, { grants, search: deps.search }),
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

function toEntry({ call, signed, tool, outcome, answer, at, ms }: CallRecord): ReceiptEntry {
  return {
    call: call.seq,
    tool: tool?.name ?? call.tool.slice(0, maxReceiptTool),
    schema: tool?.hash,
    args: signed?.argsHash ?? hashJson(call.args),
    answer: hashJson(answer),
    outcome,
    iat: Math.floor((at + ms) / 1_000),
    ms: Math.round(ms * 1_000) / 1_000,
    grant: signed?.grant.id,
  };
}
