/** What one run may call. @module */

import type { CatalogSnapshot } from "../catalog/catalog.ts";
import { matchesTool } from "../catalog/glob.ts";
import type { Tool } from "../catalog/tool.ts";
import type { PolicyRule } from "../config/config.ts";
import { decide, type Decision } from "../policy/decide.ts";
import type { Principal } from "./principal.ts";
import type { ToolArguments } from "./signed_call.ts";

/** What {@linkcode RunGrants} are made of. */
export interface RunGrantsOptions {
  /** Id of the run. */
  readonly run: string;
  /** On whose behalf it runs. */
  readonly principal: Principal;
  /** The catalog the run began with. */
  readonly catalog: CatalogSnapshot;
  /**
   * What this run may call, as globs; built-in tools count like all others.
   * @default {all that the principal may call}
   */
  readonly tools?: readonly string[];
  /** Tools of Airlock itself (`memory.get`), found before those of the catalog. @default {[]} */
  readonly builtins?: readonly Tool[];
  /** The policy as it is at the moment of a call. @default {no rules} */
  readonly rules?: () => readonly PolicyRule[];
  /** Why a tool of the catalog may not be called at this moment. @default {it may be} */
  readonly blocked?: (tool: Tool) => string | undefined;
  /** Tools that have answered before it began; is added to. @default {none} */
  readonly answered?: Map<string, Tool>;
}

/** Whether a principal may call a tool at all: what lists may show. */
export function mayCall(principal: Principal, tool: Tool): boolean {
  return principal.tools.some((glob) => matchesTool(glob, tool));
}

/**
 * What one run may call: what its principal may, narrowed by the run's own
 * globs, call by call held against the policy. Lives as long as the run and
 * keeps what has answered it, since rules may ask for that.
 */
export class RunGrants {
  /** Id of the run. */
  readonly run: string;
  /** On whose behalf it runs. */
  readonly principal: Principal;
  readonly #tools: readonly string[] | undefined;
  readonly #catalog: CatalogSnapshot;
  readonly #builtins: ReadonlyMap<string, Tool>;
  readonly #rules: () => readonly PolicyRule[];
  readonly #blocked: NonNullable<RunGrantsOptions["blocked"]>;
  readonly #answered: Map<string, Tool>;

  /** Fixes all but the policy, which is read anew at each call. */
  constructor(options: RunGrantsOptions) {
    const { run, principal, catalog, tools, builtins = [], rules = () => [] } = options;
    this.#answered = options.answered ?? new Map();
    this.run = run;
    this.principal = principal;
    this.#tools = tools;
    this.#catalog = catalog;
    this.#builtins = new Map(builtins.map((tool) => [tool.name, tool]));
    this.#rules = rules;
    this.#blocked = options.blocked ?? (() => undefined);
  }

  /** Finds a tool by any name it has, whether or not the run may call it. */
  find(name: string): Tool | undefined {
    return this.#builtins.get(name) ?? this.#catalog.find(name);
  }

  /** Whether the run's own globs cover a tool. */
  covers(tool: Tool): boolean {
    return this.#tools === undefined || this.#tools.some((glob) => matchesTool(glob, tool));
  }

  /** Whether key and run cover a tool; the policy is asked only when it is called. */
  allows(tool: Tool): boolean {
    return mayCall(this.principal, tool) && this.covers(tool);
  }

  /** Why a tool may not be called at this moment, whatever the catalog of the run says. */
  blockedReason(tool: Tool): string | undefined {
    return this.#builtins.get(tool.name) === tool ? undefined : this.#blocked(tool);
  }

  /** All tools that the run may call, built-in ones first. */
  tools(): Tool[] {
    const all = [...this.#builtins.values(), ...this.#catalog.tools];
    return all.filter((tool) => this.allows(tool));
  }

  /** Remembers that a tool has answered; `from` of later decisions sees it. */
  noteAnswer(tool: Tool): void {
    this.#answered.set(tool.name, tool);
  }

  /** What the policy, as it is now, says about a call. */
  decide(tool: Tool, args: ToolArguments): Decision {
    const answered = [...this.#answered.values()];
    return decide(this.#rules(), { tool, args, principal: this.principal.name, answered });
  }
}
