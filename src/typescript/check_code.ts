/** Checks code before it runs: what surely fails is refused, with a word on what would be right. @module */

import type { Tool } from "../catalog/tool.ts";
import { showHidden } from "../catalog/show_hidden.ts";
import { absentGlobalHint } from "../errors/absent_globals.ts";
import { nearestName } from "../errors/nearest_name.ts";
import { hashText } from "../hashing/hash_json.ts";
import type { Finding } from "../protocol/checker_messages.ts";
import { declareApi, signatureOf } from "./declare_tools.ts";
import type { Declarations, TypeChecker } from "./type_checker.ts";

/** What code may name: the tools its principal may see, and which servers have more. */
export interface VisibleTools {
  /** Those that are declared. */
  readonly tools: readonly Tool[];
  /** Servers that have tools which are not among them, or may have: calls of these are refused on record. */
  readonly open: readonly { readonly name: string; readonly namespace: string }[];
}

/** Something the check says about a place in the code; lines and columns count from 1. */
export interface CodeDiagnostic {
  /** Of the code as it was sent. */
  line: number;
  /** In that line. */
  column: number;
  /** What is wrong, in one sentence. */
  message: string;
  /** The nearest right name, the declaration to use. */
  hint?: string;
}

/** What came of a check. Code is refused where there are `errors`. */
export interface CheckResult {
  /** Why the code would surely fail, or send a wrong call. */
  errors: CodeDiagnostic[];
  /** What is merely odd; also, that the code was not checked. */
  warnings: CodeDiagnostic[];
  /** Why TypeScript cannot read the code: details for the host's `syntax_error`, if it is one. */
  syntax: CodeDiagnostic[];
}

/** Diagnostics of each kind that are reported. */
const maxDiagnostics = 10;

/** Checks code against the tools that it may name. */
export class CodeChecker {
  readonly #checker: TypeChecker;
  readonly #declarations = new WeakMap<VisibleTools, Declarations>();

  /** Asks the given checker. */
  constructor(checker: TypeChecker) {
    this.#checker = checker;
  }

  /** Checks code. Never rejects: what cannot be checked passes, with a warning. */
  async check(code: string, visible: VisibleTools, signal?: AbortSignal): Promise<CheckResult> {
    if (code.trim() === "") return { errors: [], warnings: [], syntax: [] };
    const checked = await this.#checker.check(code, this.#declarationsOf(visible), signal);
    if ("unchecked" in checked) {
      const message = `The code was not type-checked: ${checked.unchecked}`;
      return { errors: [], warnings: [{ line: 1, column: 1, message }], syntax: [] };
    }
    const { syntax = [], remark = [], ...refused } = Object.groupBy(
      checked.findings,
      ({ kind }) => kind,
    );
    const errors = checked.findings.filter(({ kind }) => Object.hasOwn(refused, kind));
    const [errorsShown, warnings, syntaxShown] = [errors, remark, syntax].map((findings) =>
      findings.slice(0, maxDiagnostics).map((finding) => toDiagnostic(finding, visible.tools))
    );
    return { errors: errorsShown, warnings, syntax: syntaxShown };
  }

  #declarationsOf(visible: VisibleTools): Declarations {
    let declarations = this.#declarations.get(visible);
    if (declarations === undefined) {
      const { tools, open } = visible;
      const hashes = tools.map(({ name, server, tool, hash }) => [name, server, tool, hash]);
      declarations = {
        key: hashText(JSON.stringify([hashes, open])),
        text: () => declareVisible(visible),
        open: open.flatMap(({ name, namespace }) => [name, namespace]),
      };
      this.#declarations.set(visible, declarations);
    }
    return declarations;
  }
}

/** The declarations, with servers of whose tools none is visible. */
function declareVisible({ tools, open }: VisibleTools): string {
  const declared = new Set(tools.map(({ namespace }) => namespace));
  const others = open.filter(({ namespace }) => !declared.has(namespace)).map(({ namespace }) =>
    `declare const ${namespace}: { readonly [tool: string]: (args?: any) => Promise<any> };\n`
  );
  return [declareApi(tools), ...others].join("\n");
}

function toDiagnostic(finding: Finding, tools: readonly Tool[]): CodeDiagnostic {
  const { line, column, message } = finding;
  const hint = hintFor(finding, tools);
  const shown = showHidden(message);
  return hint === undefined
    ? { line, column, message: shown }
    : { line, column, message: shown, hint };
}

function hintFor(finding: Finding, tools: readonly Tool[]): string | undefined {
  const { kind, name = "", tool: owner = "" } = finding;
  switch (kind) {
    case "wrong_arguments":
      return signatureFor(owner, tools);
    case "unknown_tool":
      return owner === "tools" ? hintForServer(name, tools) : hintForTool(owner, name, tools);
    case "unknown_name":
      return absentGlobalHint(name) ?? hintForServer(name, tools);
    case "syntax":
    case "remark":
      return undefined;
    default:
      return kind satisfies never;
  }
}

function signatureFor(name: string, tools: readonly Tool[]): string | undefined {
  const tool = tools.find((each) => each.name === name);
  return tool && showHidden(signatureOf(tool));
}

function hintForTool(server: string, name: string, tools: readonly Tool[]): string | undefined {
  const members = tools.filter(({ namespace }) => namespace === server);
  const nearest = nearestName(name, members.map(({ member }) => member));
  if (nearest !== undefined) return didYouMean(signatureFor(`${server}.${nearest}`, tools));
  if (members.length === 0) return undefined;
  const some = members.slice(0, 20).map(({ member }) => member).join(", ");
  const more = members.length > 20 ? ` and ${members.length - 20} more` : "";
  return `Its tools are ${some}${more}`;
}

function hintForServer(name: string, tools: readonly Tool[]): string | undefined {
  const namespaces = new Set(tools.map(({ namespace }) => namespace));
  const nearest = nearestName(name, namespaces) ?? nearestName(name, airlockNames);
  if (nearest !== undefined) return didYouMean(nearest);
  // A tool without its server in front.
  return didYouMean(tools.find(({ member }) => member === name)?.name);
}

const airlockNames = ["tools", "memory", "skills", "input", "sleep", "progress", "emit", "console"];

function didYouMean(what: string | undefined): string | undefined {
  return what === undefined ? undefined : `Did you mean ${what}?`;
}
